"""The countries of ISO 3166 by their English names, and the words by which names of playlists tell them. Pure."""

from collections.abc import Mapping

_NAMES = """
AD Andorra|AE United Arab Emirates|AF Afghanistan|AG Antigua and Barbuda|AI Anguilla|AL Albania|AM Armenia|AO Angola
AR Argentina|AS American Samoa|AT Austria|AU Australia|AW Aruba|AZ Azerbaijan|BA Bosnia and Herzegovina|BB Barbados
BD Bangladesh|BE Belgium|BF Burkina Faso|BG Bulgaria|BH Bahrain|BI Burundi|BJ Benin|BM Bermuda|BN Brunei|BO Bolivia
BR Brazil|BS Bahamas|BT Bhutan|BW Botswana|BY Belarus|BZ Belize|CA Canada|CD Congo (Kinshasa)
CF Central African Republic|CG Congo (Brazzaville)|CH Switzerland|CI Ivory Coast|CK Cook Islands|CL Chile|CM Cameroon
CN China|CO Colombia|CR Costa Rica|CU Cuba|CV Cape Verde|CW Curacao|CY Cyprus|CZ Czechia|DE Germany|DJ Djibouti
DK Denmark|DM Dominica|DO Dominican Republic|DZ Algeria|EC Ecuador|EE Estonia|EG Egypt|ER Eritrea|ES Spain|ET Ethiopia
FI Finland|FJ Fiji|FM Micronesia|FO Faroe Islands|FR France|GA Gabon|GB United Kingdom|GD Grenada|GE Georgia
GF French Guiana|GG Guernsey|GH Ghana|GI Gibraltar|GL Greenland|GM Gambia|GN Guinea|GP Guadeloupe|GQ Equatorial Guinea
GR Greece|GT Guatemala|GU Guam|GW Guinea-Bissau|GY Guyana|HK Hong Kong|HN Honduras|HR Croatia|HT Haiti|HU Hungary
ID Indonesia|IE Ireland|IL Israel|IM Isle of Man|IN India|IQ Iraq|IR Iran|IS Iceland|IT Italy|JE Jersey|JM Jamaica
JO Jordan|JP Japan|KE Kenya|KG Kyrgyzstan|KH Cambodia|KI Kiribati|KM Comoros|KN Saint Kitts and Nevis|KP North Korea
KR South Korea|KW Kuwait|KY Cayman Islands|KZ Kazakhstan|LA Laos|LB Lebanon|LC Saint Lucia|LI Liechtenstein
LK Sri Lanka|LR Liberia|LS Lesotho|LT Lithuania|LU Luxembourg|LV Latvia|LY Libya|MA Morocco|MC Monaco|MD Moldova
ME Montenegro|MG Madagascar|MH Marshall Islands|MK North Macedonia|ML Mali|MM Myanmar|MN Mongolia|MO Macao
MQ Martinique|MR Mauritania|MT Malta|MU Mauritius|MV Maldives|MW Malawi|MX Mexico|MY Malaysia|MZ Mozambique|NA Namibia
NC New Caledonia|NE Niger|NG Nigeria|NI Nicaragua|NL Netherlands|NO Norway|NP Nepal|NR Nauru|NZ New Zealand|OM Oman
PA Panama|PE Peru|PF French Polynesia|PG Papua New Guinea|PH Philippines|PK Pakistan|PL Poland|PR Puerto Rico
PS Palestine|PT Portugal|PW Palau|PY Paraguay|QA Qatar|RE Reunion|RO Romania|RS Serbia|RU Russia|RW Rwanda
SA Saudi Arabia|SB Solomon Islands|SC Seychelles|SD Sudan|SE Sweden|SG Singapore|SI Slovenia|SK Slovakia
SL Sierra Leone|SM San Marino|SN Senegal|SO Somalia|SR Suriname|SS South Sudan|ST Sao Tome and Principe|SV El Salvador
SX Sint Maarten|SY Syria|SZ Eswatini|TC Turks and Caicos Islands|TD Chad|TG Togo|TH Thailand|TJ Tajikistan
TL East Timor|TM Turkmenistan|TN Tunisia|TO Tonga|TR Turkey|TT Trinidad and Tobago|TV Tuvalu|TW Taiwan|TZ Tanzania
UA Ukraine|UG Uganda|US United States|UY Uruguay|UZ Uzbekistan|VA Vatican City|VC Saint Vincent and the Grenadines
VE Venezuela|VG British Virgin Islands|VI US Virgin Islands|VN Vietnam|VU Vanuatu|WS Samoa|XK Kosovo|YE Yemen
ZA South Africa|ZM Zambia|ZW Zimbabwe
"""
NAMES: Mapping[str, str] = {
    code: name
    for line in _NAMES.split("\n")
    for pair in line.split("|")
    if pair
    for code, _, name in [pair.partition(" ")]
}
"""Two letters → the English name."""

# What else than a country a word may mean keeps it out: Chad and Jordan are boys, Georgia is a state, turkey is eaten;
# and Spanish, French, English, Portuguese or Arabic tell a language that many countries sing in.
NOT_BY_NAME = frozenset({"TD", "JO", "GE", "TR", "JE", "GN", "NE", "ML", "OM", "DM", "MC", "GU", "TO"})
WORDS: Mapping[str, str] = {
    "AR": "argentino, argentina",
    "AT": "austrian, österreich, österreichisch, austropop",
    "AU": "australian, aussie, triple j",
    "BE": "belgian, belgique, belgië, belgisch",
    "BG": "bulgarian, българия, чалга, chalga",
    "BR": "brasil, brazilian, brasileiro, brasileira, brasileiras, brasileiros, mpb, sertanejo, pagode, funk carioca",
    "CA": "canadian, québécois, canadien",
    "CH": "swiss, schweiz, schweizer, suisse, mundart",
    "CL": "chileno, chilena",
    "CN": "chinese, cpop, c pop, 中国, 华语",
    "CO": "colombiano, colombiana, vallenato",
    "CU": "cuban, cubano, cubana",
    "CZ": "czech, český, česká, české, czech republic",
    "DE": "german, deutsch, deutsche, deutscher, deutschland, deutschrap, deutschpop, deutschrock, ndw, schlager",
    "DK": "danish, dansk, danske, danmark",
    "EE": "estonian, eesti",
    "EG": "egyptian, مصر",
    "ES": "españa, spain, flamenco",
    "FI": "finnish, suomi, suomirock, suomipop, suomirap, suomalainen, iskelmä",
    "FR": "rap français, chanson française, variété française, french touch, french house",
    "GB": "uk, britain, british, england, scotland, scottish, wales, welsh, brit pop, britpop, grime, great britain",
    "GR": "greek, hellas, ελλαδα, ελληνικα, laika",
    "HK": "cantopop, cantonese, 香港, 廣東歌",
    "HR": "croatian, hrvatska, hrvatski",
    "HU": "hungarian, magyar",
    "ID": "indonesian, indo pop, dangdut",
    "IE": "irish, éire",
    "IL": "israeli, ישראלי, ישראל, מזרחית",
    "IN": "indian, bollywood, desi, tollywood, kollywood, hindustani, भारत, भारतीय",
    "IR": "iranian, ایران",
    "IS": "icelandic, íslensk, íslensku",
    "IT": "italian, italiano, italiana, italiani, italiane, italia, italienisch",
    "JM": "jamaican, rocksteady",
    "JP": "japanese, jpop, j pop, jrock, j rock, japon, japonais, city pop, シティーポップ, 日本, 邦楽, アニソン",
    "KR": "korea, korean, kpop, k pop, krnb, k rock, k indie, khiphop, k hip hop, 한국, 가요, 케이팝, corea",
    "LT": "lithuanian, lietuva, lietuviška",
    "LV": "latvian, latvija, latviešu",
    "MX": "mexican, mexicano, mexicana, méxico, mariachi, norteño, banda sinaloense, corridos, rancheras",
    "NG": "nigerian, naija",
    "NL": "dutch, nederland, nederlands, nederlandse, nederlandstalig, nederhop, holland",
    "NO": "norwegian, norsk, norske, norge",
    "NZ": "kiwi music, aotearoa",
    "PH": "pinoy, opm, filipino, tagalog",
    "PL": "polish, polska, polski, polskie, polskich",
    "PR": "boricua",
    "PT": "português de portugal, fado",
    "RO": "romanian, românia, românească, românesc, manele",
    "RS": "serbian, srbija, srpski, srpske",
    "RU": "russian, россия, русский, русские, русское, русская, русских, russe",
    "SE": "swedish, svensk, svenska, svenskt, sverige, schwedisch",
    "SK": "slovak, slovensko, slovenská",
    "TH": "thai, ไทย",
    "TR": "turkish, türk, türkçe, türkiye",
    "TW": "taiwanese, 台灣, 台湾, mandopop",
    "UA": "ukrainian, україна, українська, українські",
    "US": "usa, american, motown, outlaw country",
    "VN": "vietnamese, việt nam, nhạc việt, vpop, v pop",
    "ZA": "south african, amapiano, mzansi",
}
"""Two letters → what else than its name tells a country in the name of a playlist, in several languages."""
CHARTS = "top, viral, chart, charts, hot, global"
"""Words of charts, which tell where a song is heard and not where it is from."""
NO_COUNTRY = "latin american, south american, north american, american pie, american idol, american horror, new mexico"
"""Phrases with the words of a country that tell another thing."""
