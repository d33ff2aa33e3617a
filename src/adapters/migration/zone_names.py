"""Time zones by the names that other products give them: those of ActiveSupport (Ruby on Rails)
beside those of IANA.
"""

from domain.oncall.wall_clock import is_zone

_BY_AREA = {
    "Africa": "Cairo Casablanca Harare Johannesburg Monrovia Nairobi Algiers",
    "America": "Bogota Caracas Chihuahua Guyana Lima Mazatlan Monterrey Montevideo Tijuana",
    "Asia": (
        "Almaty Baghdad Baku Bangkok Chongqing Colombo Dhaka Hong_Kong Irkutsk Jakarta Jerusalem "
        "Kabul Kamchatka Karachi Kathmandu Kolkata Krasnoyarsk Kuala_Lumpur Kuwait Magadan Muscat "
        "Novosibirsk Rangoon Riyadh Seoul Shanghai Singapore Srednekolymsk Taipei Tashkent Tbilisi "
        "Tehran Tokyo Ulaanbaatar Urumqi Vladivostok Yakutsk Yekaterinburg Yerevan"
    ),
    "Atlantic": "Azores",
    "Australia": "Adelaide Brisbane Darwin Hobart Melbourne Perth Sydney",
    "Europe": (
        "Amsterdam Athens Belgrade Berlin Bratislava Brussels Bucharest Budapest Copenhagen Dublin "
        "Helsinki Istanbul Kaliningrad Lisbon Ljubljana London Madrid Minsk Moscow Paris Prague "
        "Riga Rome Samara Sarajevo Skopje Sofia Stockholm Tallinn Vienna Vilnius Volgograd Warsaw "
        "Zagreb"
    ),
    "Pacific": "Auckland Fiji Guam Majuro Noumea Port_Moresby Tongatapu",
}
ACTIVE_SUPPORT = {
    city.replace("_", " "): f"{area}/{city}"
    for area, cities in _BY_AREA.items()
    for city in cities.split()
} | {
    "International Date Line West": "Etc/GMT+12",
    "Midway Island": "Pacific/Midway",
    "American Samoa": "Pacific/Pago_Pago",
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Mountain Time (US & Canada)": "America/Denver",
    "Arizona": "America/Phoenix",
    "Central Time (US & Canada)": "America/Chicago",
    "Saskatchewan": "America/Regina",
    "Guadalajara": "America/Mexico_City",
    "Mexico City": "America/Mexico_City",
    "Central America": "America/Guatemala",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Quito": "America/Lima",
    "Atlantic Time (Canada)": "America/Halifax",
    "La Paz": "America/La_Paz",
    "Santiago": "America/Santiago",
    "Asuncion": "America/Asuncion",
    "Newfoundland": "America/St_Johns",
    "Brasilia": "America/Sao_Paulo",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Georgetown": "America/Guyana",
    "Puerto Rico": "America/Puerto_Rico",
    "Greenland": "America/Godthab",
    "Mid-Atlantic": "Atlantic/South_Georgia",
    "Cape Verde Is.": "Atlantic/Cape_Verde",
    "Edinburgh": "Europe/London",
    "Bern": "Europe/Zurich",
    "Zurich": "Europe/Zurich",
    "Kyiv": "Europe/Kiev",
    "West Central Africa": "Africa/Algiers",
    "Pretoria": "Africa/Johannesburg",
    "St. Petersburg": "Europe/Moscow",
    "Abu Dhabi": "Asia/Muscat",
    "Ekaterinburg": "Asia/Yekaterinburg",
    "Islamabad": "Asia/Karachi",
    "Chennai": "Asia/Kolkata",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Sri Jayawardenepura": "Asia/Colombo",
    "Astana": "Asia/Dhaka",
    "Hanoi": "Asia/Bangkok",
    "Beijing": "Asia/Shanghai",
    "Ulaan Bataar": "Asia/Ulaanbaatar",
    "Osaka": "Asia/Tokyo",
    "Sapporo": "Asia/Tokyo",
    "Canberra": "Australia/Canberra",
    "Solomon Is.": "Pacific/Guadalcanal",
    "New Caledonia": "Pacific/Noumea",
    "Marshall Is.": "Pacific/Majuro",
    "Wellington": "Pacific/Auckland",
    "Nuku'alofa": "Pacific/Tongatapu",
    "Tokelau Is.": "Pacific/Fakaofo",
    "Chatham Is.": "Pacific/Chatham",
    "Samoa": "Pacific/Apia",
    "Coordinated Universal Time": "Etc/UTC",
}


def zone_of(name: str) -> str | None:
    """The IANA name of a time zone that is named so; None: there is none."""
    found = ACTIVE_SUPPORT.get(name.strip(), name.strip())
    return found if is_zone(found) else None
