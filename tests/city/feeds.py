"""A small GTFS-JP feed: one bus route from Chiba Station to a town, three trips on weekdays, one on Sundays."""

import zipfile

TABLES = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\n1040001000000,試験バス,https://example.jp,Asia/Tokyo\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,zone_id,location_type\n"
        "1_01,千葉駅,35.6130,140.1135,1_01,0\n2_01,都町,35.6120,140.1400,2_01,0\n3_01,都賀,35.6360,140.1490,3_01,0\n"
    ),
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\n1系統,1040001000000,1,千葉駅〜都賀,3\n",
    "trips.txt": (
        "route_id,service_id,trip_id\n1系統,平日,平日_0730\n1系統,平日,平日_0800\n1系統,平日,平日_2450\n1系統,日祝,日祝_1000\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "平日_0730,7:30:00,7:30:00,1_01,1\n平日_0730,7:38:00,7:39:00,2_01,2\n平日_0730,7:50:00,7:50:00,3_01,3\n"
        "平日_0800,08:00:00,08:00:00,1_01,1\n平日_0800,08:10:00,08:11:00,2_01,2\n平日_0800,08:22:00,08:22:00,3_01,3\n"
        "平日_2450,24:50:00,24:50:00,1_01,1\n平日_2450,24:58:00,24:58:00,2_01,2\n平日_2450,25:10:00,25:10:00,3_01,3\n"
        "日祝_1000,10:00:00,10:00:00,1_01,10\n日祝_1000,10:08:00,10:08:00,2_01,20\n日祝_1000,10:20:00,10:20:00,3_01,30\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "平日,1,1,1,1,1,0,0,20240401,20250331\n日祝,0,0,0,0,0,1,1,20240401,20250331\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\n平日,20240429,2\n日祝,20240429,1\n",
    "fare_attributes.txt": "fare_id,price,currency_type,payment_method,transfers\nF1,190,JPY,0,0\nF2,280,JPY,0,0\n",
    "fare_rules.txt": (
        "fare_id,route_id,origin_id,destination_id\nF1,1系統,1_01,2_01\nF1,1系統,2_01,3_01\nF2,1系統,1_01,3_01\n"
    ),
}


def write(path, without=(), **changed):
    """Write the feed to a zip, tables left out or with one text replaced: ``stops=("35.6130", "0")``."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in TABLES.items():
            stem = name.removesuffix(".txt")
            if stem in without:
                continue
            if stem in changed:
                old, new = changed[stem]
                assert old in text, (stem, old)
                text = text.replace(old, new, 1)
            archive.writestr(name, "\ufeff" + text)
        for stem in set(changed) - {name.removesuffix(".txt") for name in TABLES}:
            archive.writestr(f"{stem}.txt", changed[stem])
    return path
