"""Words by which the names of playlists tell a genre, in several languages. Pure.

Only such as hardly mean anything else: "country roads" is about country all the same, but a house party is no house.
"""

from collections.abc import Mapping

PLAIN = """
    acid house, acid jazz, acoustic pop, afro house, afrobeat, afrobeats, afropop, alt rock, alternative,
    alternative metal, alternative rock, amapiano, ambient, americana, anime, art pop, art rock, bachata, baile funk,
    balearic, ballroom, baroque, bass music, bebop, big band, big room, black metal, bluegrass, blues, blues rock,
    boogie, boom bap, bossa nova, breakbeat, brit pop, broadway, c-pop, cantopop, celtic, chamber music, chanson,
    chillhop, chillout, chillwave, christian, city pop, classic rock, classical, cloud rap, country, country rock,
    cumbia, dance pop, dancehall, dark ambient, death metal, deathcore, deep house, desert rock, desi, disco, doo wop,
    doom, downtempo, dream pop, drill, drone, drum and bass, dub, dub techno, dubstep, edm, electro, electro house,
    electro pop, electro swing, electronic, electronica, emo, emo rap, eurodance, experimental, flamenco, folk,
    folk rock, forro, french house, funk, funk carioca, funk rock, future bass, future house, g funk, gangsta rap,
    garage rock, glam metal, glam rock, gospel, gothic rock, grime, grindcore, grunge, hair metal, hard rock,
    hardcore, hardcore punk, hardstyle, heavy metal, hip hop, hip house, honky tonk, house music, hyperpop, idm,
    indie, indie folk, indie pop, indie rock, industrial, italo disco, j-pop, jazz, jazz fusion, jazz rap, jungle,
    k-pop, klezmer, krautrock, latin, latin jazz, latin pop, latin trap, lo-fi, mambo, mandopop, mariachi, merengue,
    metal, metalcore, minimal techno, motown, mpb, musicals, neo soul, new age, new jack swing, new wave, noise,
    norteno, nu disco, nu metal, opera, outlaw country, pagode, phonk, piano house, pop, pop punk, pop rap, pop rock,
    post hardcore, post punk, post rock, power metal, power pop, prog rock, progressive house, progressive metal,
    progressive rock, psychedelic rock, psytrance, punk, punk rock, r&b, ragga, ragtime, ranchera, rap, rap metal,
    reggae, reggaeton, rock, rock and roll, rockabilly, rocksteady, roots reggae, salsa, samba, schlager, screamo,
    sertanejo, shoegaze, show tunes, singer songwriter, ska, ska punk, slowcore, sludge, smooth jazz, soft rock, soul,
    soundtrack, southern rock, space rock, speed metal, stoner rock, surf rock, swamp rock, swing, symphonic metal,
    synth pop, synthwave, tango, tech house, techno, tejano, thrash metal, trance, trap, trip hop, tropical house,
    turntablism, uk garage, underground hip hop, urbano, vallenato, vaporwave, viking metal, vocal jazz, worship,
    yacht rock, zouk
"""
OTHERWISE: Mapping[str, str] = {
    "alternativa": "alternative", "alternativo": "alternative", "alt": "alternative",
    "kpop": "k-pop", "jpop": "j-pop", "cpop": "c-pop", "lofi": "lo-fi", "dnb": "drum and bass",
    "synthpop": "synth pop", "electropop": "electro pop", "poprock": "pop rock", "britpop": "brit pop",
    "hiphop": "hip hop", "deutschrap": "rap",
    "r n b": "r&b", "rythm and blues": "r&b", "rhythm and blues": "r&b", "r and b": "r&b",
    "heavymetal": "heavy metal", "musica classica": "classical", "classique": "classical",
    "klassik": "classical", "klassische musik": "classical", "musica clasica": "classical",
    "electronique": "electronic", "elektronisch": "electronic", "elektro": "electro", "electronico": "electronic",
    "rock n roll": "rock and roll", "rock roll": "rock and roll",
    "volksmusik": "folk", "filmmusik": "soundtrack", "banda sonora": "soundtrack", "soundtracks": "soundtrack",
    "ost": "soundtrack", "reggeaton": "reggaeton", "regueton": "reggaeton", "latino": "latin", "latina": "latin",
    "latinos": "latin", "jazzy": "jazz", "bluesy": "blues", "funky": "funk", "soulful": "soul", "punks": "punk",
    "rocks": "rock", "rockin": "rock", "rocker": "rock", "rockers": "rock", "rockig": "rock", "suomirock": "rock",
    "rockabily": "rockabilly", "nueva ola": "new wave", "bossanova": "bossa nova", "psy trance": "psytrance",
    "рок": "rock", "поп": "pop", "рэп": "rap", "хип хоп": "hip hop", "джаз": "jazz", "шансон": "chanson",
    "ロック": "rock", "シティホップ": "city pop", "シティーポップ": "city pop", "シティポップ": "city pop",
    "ジャズ": "jazz", "アニメ": "anime", "アニソン": "anime", "힙합": "hip hop", "록": "rock", "재즈": "jazz",
    "케이팝": "k-pop", "搖滾": "rock", "摇滚": "rock", "爵士": "jazz", "嘻哈": "hip hop",
    "民謠": "folk", "民谣": "folk", "古典": "classical", "ρεμπετικα": "rebetiko", "ρεμπετικο": "rebetiko",
    "रॉक": "rock", "روك": "rock", "راب": "rap",
    "pop up": "", "pop corn": "", "soul food": "", "soul mate": "", "rock the": "", "rock bottom": "",
    "pop songs": "pop", "house rock": "rock", "drone shots": "",
    "the swing": "", "swing of": "", "doom scroll": "", "christian bale": "", "noise cancelling": "",
}  # fmt: skip
"""How a genre may be written else → its name in PLAIN, or nothing where words of a genre mean something else."""
