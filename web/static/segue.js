// What every page does beyond what its HTML does by itself.
