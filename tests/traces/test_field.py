# ruff: noqa: E501, RUF001 - a table: traces as tools of the field write them
"""Traces of the field: first and last value, and the seconds between them; None where it has to be refused."""

import pytest

from stresstui.traces.reader import parse_trace
from stresstui.traces.trace import TraceError, Wanted

RSS, FDS, UP, DOWN = Wanted("rss"), Wanted("fds"), Wanted("gauge_up"), Wanted("bytes_down")
K, M = 1024.0, 1048576.0

TRACES = {
    "top -b one process": ("top - 10:00:00 up 1 day,  1 user,  load average: 0.00, 0.01, 0.05\nTasks:   1 total,   0 running,   1 sleeping,   0 stopped,   0 zombie\n%Cpu(s):  1.0 us,  0.5 sy,  0.0 ni, 98.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\nMiB Mem :  24000.0 total,  20000.0 free,   1000.0 used,   3000.0 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.  22000.0 avail Mem\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1234 root      20   0  900000  50000   3000 S   1.0   0.2   0:01.00 srv\n\ntop - 10:00:05 up 1 day,  1 user,  load average: 0.00, 0.01, 0.05\nTasks:   1 total,   0 running,   1 sleeping,   0 stopped,   0 zombie\n%Cpu(s):  1.0 us,  0.5 sy,  0.0 ni, 98.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\nMiB Mem :  24000.0 total,  20000.0 free,   1000.0 used,   3000.0 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.  22000.0 avail Mem\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1234 root      20   0  900000  50010   3000 S   1.0   0.2   0:01.00 srv\n\ntop - 10:00:10 up 1 day,  1 user,  load average: 0.00, 0.01, 0.05\nTasks:   1 total,   0 running,   1 sleeping,   0 stopped,   0 zombie\n%Cpu(s):  1.0 us,  0.5 sy,  0.0 ni, 98.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\nMiB Mem :  24000.0 total,  20000.0 free,   1000.0 used,   3000.0 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.  22000.0 avail Mem\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1234 root      20   0  900000  50020   3000 S   1.0   0.2   0:01.00 srv\n\n", RSS, (51200000.0, 51220480.0, 10.0)),
    "top -b two procs": ("top - 10:00:00 up 1 day,  1 user,  load average: 0.00, 0.01, 0.05\nTasks:   1 total,   0 running,   1 sleeping,   0 stopped,   0 zombie\n%Cpu(s):  1.0 us,  0.5 sy,  0.0 ni, 98.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\nMiB Mem :  24000.0 total,  20000.0 free,   1000.0 used,   3000.0 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.  22000.0 avail Mem\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1234 root      20   0  900000  50000   3000 S   1.0   0.2   0:01.00 srv\n   99 root      20   0  900000  70000   3000 S   1.0   0.2   0:01.00 other\n\ntop - 10:00:05 up 1 day,  1 user,  load average: 0.00, 0.01, 0.05\nTasks:   1 total,   0 running,   1 sleeping,   0 stopped,   0 zombie\n%Cpu(s):  1.0 us,  0.5 sy,  0.0 ni, 98.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\nMiB Mem :  24000.0 total,  20000.0 free,   1000.0 used,   3000.0 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.  22000.0 avail Mem\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1234 root      20   0  900000  50010   3000 S   1.0   0.2   0:01.00 srv\n   99 root      20   0  900000  70000   3000 S   1.0   0.2   0:01.00 other\n\ntop - 10:00:10 up 1 day,  1 user,  load average: 0.00, 0.01, 0.05\nTasks:   1 total,   0 running,   1 sleeping,   0 stopped,   0 zombie\n%Cpu(s):  1.0 us,  0.5 sy,  0.0 ni, 98.5 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st\nMiB Mem :  24000.0 total,  20000.0 free,   1000.0 used,   3000.0 buff/cache\nMiB Swap:      0.0 total,      0.0 free,      0.0 used.  22000.0 avail Mem\n\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   1234 root      20   0  900000  50020   3000 S   1.0   0.2   0:01.00 srv\n   99 root      20   0  900000  70000   3000 S   1.0   0.2   0:01.00 other\n\n", RSS, None),
    "date +%s rss no header": ("1764000000 50000\n1764000001 50001\n1764000002 50002\n", RSS, None),
    "smem loop": ("=== Thu Nov 27 10:00:00 UTC 2026 ===\n  PID User     Command                         Swap      USS      PSS      RSS\n 1234 root     srv                                0    40000    41000    50000\n=== Thu Nov 27 10:01:00 UTC 2026 ===\n  PID User     Command                         Swap      USS      PSS      RSS\n 1234 root     srv                                0    40000    41000    50001\n=== Thu Nov 27 10:02:00 UTC 2026 ===\n  PID User     Command                         Swap      USS      PSS      RSS\n 1234 root     srv                                0    40000    41000    50002\n", RSS, (51200000.0, 51202048.0, 120.0)),
    "docker stats csv": ("time,name,mem usage,cpu\n2026-11-27T10:00:00Z,srv,50.0MiB / 23.4GiB,1.00%\n2026-11-27T10:00:01Z,srv,50.1MiB / 23.4GiB,1.00%\n2026-11-27T10:00:02Z,srv,50.2MiB / 23.4GiB,1.00%\n", Wanted("rss", value="mem usage"), (52428800.0, 52638515.2, 2.0)),
    "docker stats table": ("CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS\nabc  srv   0.50%   50MiB / 23GiB   0.2%   1kB / 2kB   0B / 0B   5\nCONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS\nabc  srv   0.50%   51MiB / 23GiB   0.2%   1kB / 2kB   0B / 0B   5\nCONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   NET I/O   BLOCK I/O   PIDS\nabc  srv   0.50%   52MiB / 23GiB   0.2%   1kB / 2kB   0B / 0B   5\n", RSS, None),
    "kubectl top": ("1764000000\nNAME   CPU(cores)   MEMORY(bytes)\nsrv-1   5m   50Mi\n1764000060\nNAME   CPU(cores)   MEMORY(bytes)\nsrv-1   5m   51Mi\n1764000120\nNAME   CPU(cores)   MEMORY(bytes)\nsrv-1   5m   52Mi\n", RSS, (52428800.0, 54525952.0, 120.0)),
    "kubectl top two pods": ("1764000000\nNAME   CPU(cores)   MEMORY(bytes)\nsrv-1   5m   50Mi\nsrv-2   5m   70Mi\n1764000060\nNAME   CPU(cores)   MEMORY(bytes)\nsrv-1   5m   51Mi\nsrv-2   5m   71Mi\n1764000120\nNAME   CPU(cores)   MEMORY(bytes)\nsrv-1   5m   52Mi\nsrv-2   5m   72Mi\n", RSS, None),
    "free -m loop": ("Thu Nov 27 10:00:00 UTC 2026\n               total        used        free      shared  buff/cache   available\nMem:           23900        1000       20000           0        3000       22000\nSwap:              0           0           0\nThu Nov 27 10:01:00 UTC 2026\n               total        used        free      shared  buff/cache   available\nMem:           23900        1001       20000           0        3000       22000\nSwap:              0           0           0\nThu Nov 27 10:02:00 UTC 2026\n               total        used        free      shared  buff/cache   available\nMem:           23900        1002       20000           0        3000       22000\nSwap:              0           0           0\n", Wanted("rss", value="used"), None),
    "influx annotated csv": ("#group,false,false,true,true,false,false,true,true\n#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,string\n#default,_result,,,,,,,\n,result,table,_start,_stop,_time,_value,_field,_measurement\n,,0,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:00:00Z,50000000.0,rss,proc\n,,0,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:01:00Z,50000001.0,rss,proc\n,,0,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:02:00Z,50000002.0,rss,proc\n", RSS, (50000000.0, 50000002.0, 120.0)),
    "influx two tables": ("#group,false,false,true,true,false,false,true,true\n#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,dateTime:RFC3339,double,string,string\n#default,_result,,,,,,,\n,result,table,_start,_stop,_time,_value,_field,_measurement\n,,0,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:00:00Z,50000000.0,rss,proc\n,,0,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:01:00Z,50000001.0,rss,proc\n,,0,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:02:00Z,50000002.0,rss,proc\n,,1,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:00:00Z,70000000.0,rss,proc2\n,,1,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:01:00Z,70000001.0,rss,proc2\n,,1,2026-11-27T10:00:00Z,2026-11-27T11:00:00Z,2026-11-27T10:02:00Z,70000002.0,rss,proc2\n", RSS, None),
    "influx v1 csv": ("name,tags,time,rss\nproc,,1764000000000000000,50000000\nproc,,1764000001000000000,50000001\nproc,,1764000002000000000,50000002\n", RSS, (50000000.0, 50000002.0, 2.0)),
    "grafana csv": ('"Time","rss {instance=""a""}"\n"2026-11-27 10:00:00","50.0 MiB"\n"2026-11-27 10:01:00","50.1 MiB"\n"2026-11-27 10:02:00","50.2 MiB"\n"2026-11-27 10:03:00","50.3 MiB"\n"2026-11-27 10:04:00","50.4 MiB"\n"2026-11-27 10:05:00","50.5 MiB"\n"2026-11-27 10:06:00","50.6 MiB"\n"2026-11-27 10:07:00","50.7 MiB"\n"2026-11-27 10:08:00","50.8 MiB"\n"2026-11-27 10:09:00","50.9 MiB"\n', RSS, (52428800.0, 53372518.4, 540.0)),
    "excel german comma": ("Zeit;Wert\n27.11.2026 10:00;50,0\n27.11.2026 10:01;50,1\n27.11.2026 10:02;50,2\n", Wanted("rss", time="Zeit", value="Wert", unit="MiB"), (52428800.0, 52638515.2, 120.0)),
    "date dotted no seconds": ("time;value\n27.11.2026 10:00;50\n27.11.2026 10:01;51\n27.11.2026 10:02;52\n", FDS, (50.0, 52.0, 120.0)),
    "iso no seconds": ("time,value\n2026-11-27 10:00,50\n2026-11-27 10:01,51\n2026-11-27 10:02,52\n", FDS, (50.0, 52.0, 120.0)),
    "clock HH:MM": ("time,value\n10:00,50\n10:01,51\n10:02,52\n", FDS, None),
    "elapsed H:MM:SS >24h": ("elapsed,value\n20:00:00,50\n21:00:00,51\n22:00:00,52\n", FDS, (50.0, 52.0, 7200.0)),
    "elapsed d-hh": ("elapsed,value\n0-00:00:00,50\n1-00:00:00,51\n2-00:00:00,52\n", FDS, (50.0, 52.0, 172800.0)),
    "french": ("Temps;Mémoire (Mo)\n27/11/2026 10:00:00;50,5\n27/11/2026 10:01:00;51,5\n27/11/2026 10:02:00;52,5\n", Wanted("rss", time="Temps", value="Mémoire (Mo)"), (50500000.0, 52500000.0, 120.0)),
    "12h noon wrap": ("time,value\n11:59:58 AM,1\n11:59:59 AM,2\n12:00:00 PM,3\n12:00:01 PM,4\n01:00:00 PM,5\n", FDS, (1.0, 5.0, 3602.0)),
    "us no seconds": ("time,value\n11/27/2026 10:00,50\n11/27/2026 10:01,51\n11/27/2026 10:02,52\n", FDS, (50.0, 52.0, 120.0)),
    "dst naive fall back": ("time,value\n2026-10-25 02:58:00,1\n2026-10-25 02:59:00,2\n2026-10-25 02:00:00,3\n2026-10-25 02:01:00,4\n", FDS, None),
    "tz names CET/CEST": ("time,value\nSun Oct 25 02:59:00 CEST 2026,2\nSun Oct 25 02:00:00 CET 2026,3\nSun Oct 25 02:01:00 CET 2026,4\n", FDS, (2.0, 4.0, 120.0)),
    "date rfc2822": ("time;value\nFri, 27 Nov 2026 10:00:00 +0000;1\nFri, 27 Nov 2026 10:01:00 +0000;2\n", FDS, (1.0, 2.0, 60.0)),
    "apache date": ("time,value\n27/Nov/2026:10:00:00 +0000,1\n27/Nov/2026:10:01:00 +0000,2\n", FDS, (1.0, 2.0, 60.0)),
    "syslog date no year": ("time,value\nNov 27 10:00:00,1\nNov 27 10:01:00,2\n", FDS, (1.0, 2.0, 60.0)),
    "date compact": ("time,value\n20261127100000,1\n20261127100100,2\n", FDS, (1.0, 2.0, 60.0)),
    "date compact T": ("time,value\n20261127T100000Z,1\n20261127T100100Z,2\n", FDS, (1.0, 2.0, 60.0)),
    "date,time split": ("date,time,value\n2026-11-27,10:00:00,1\n2026-11-27,10:00:05,2\n2026-11-28,10:00:05,3\n", FDS, (1.0, 3.0, 86405.0)),
    "excel serial": ("time,value\n46353.4166666667,1\n46353.4173611111,2\n", FDS, None),
    "mixed 980K 1.2M": ("t,rss\n0,980K\n1,1.2M\n2,1.3M\n", RSS, (1003520.0, 1363148.8, 2.0)),
    "htop M G": ("t,rss\n0,980M\n1,1.2G\n", RSS, (1027604480.0, 1288490188.8, 1.0)),
    "lowercase mb": ("t,rss\n0,50mb\n1,51mb\n", RSS, (50000000.0, 51000000.0, 1.0)),
    "lowercase kb": ("t,rss\n0,50000kb\n1,51000kb\n", RSS, (51200000.0, 52224000.0, 1.0)),
    "kB proc": ("t,rss\n0,50000 kB\n1,51000 kB\n", RSS, (51200000.0, 52224000.0, 1.0)),
    "MB col": ("t,rss_mb\n0,50\n1,51\n", RSS, (50000000.0, 51000000.0, 1.0)),
    "percent": ("t,value\n0,50%\n1,51%\n", UP, (50.0, 51.0, 1.0)),
    "#N/A excel": ("t,value\n0,1\n1,#N/A\n3,3\n", FDS, (1.0, 3.0, 3.0)),
    "<nil> null undefined": ("t,value\n0,1\n1,<nil>\n2,undefined\n3,3\n", FDS, (1.0, 3.0, 3.0)),
    "comments #": ("# my trace\n# made by x\nt,value\n0,1\n# gap\n1,2\n", FDS, (1.0, 2.0, 1.0)),
    "comments //": ("// my trace\nt,value\n0,1\n1,2\n", FDS, (1.0, 2.0, 1.0)),
    "comment with commas": ("# a, b, c\nt,value\n0,1\n1,2\n", FDS, (1.0, 2.0, 1.0)),
    "NUL at the end": ("t,value\n0,1\n1,2\n\x00\x00\x00\x00", FDS, None),
    "footer total": ("t,value\n0,1\n1,2\nTotal,3\n", FDS, None),
    "header only": ("t,value\n", FDS, None),
    "json nested memoryUsage": ('{"time":1764000000000,"mem":{"rss":50000000,"heapUsed":5}}\n{"time":1764000001000,"mem":{"rss":50000001,"heapUsed":5}}\n{"time":1764000002000,"mem":{"rss":50000002,"heapUsed":5}}\n', RSS, (50000000.0, 50000002.0, 2.0)),
    "graphite json": ('[{"target":"a","datapoints":[[1,1764000000],[2,1764000060],[null,1764000120]]}]', FDS, (1.0, 2.0, 60.0)),
    "mprof": ("CMDLINE python a.py\nMEM 50.000000 1764000000.0000\nMEM 50.100000 1764000000.1000\nMEM 50.200000 1764000000.2000\n", RSS, (52428800.0, 52638515.2, 0.2)),
    "pidstat german avg": ("Linux 6.1 (a) \t27.11.2026 \t_x86_64_\t(2 CPU)\n\n10:00:00      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n10:00:01        0      1234      0,00      0,00  900000   50000   0,20  srv\n10:00:02        0      1234      0,00      0,00  900000   50001   0,20  srv\n\nDurchschn.:      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\nDurchschn.:        0      1234      0,00      0,00  900000   99999   0,20  srv\n", RSS, (51200000.0, 51201024.0, 1.0)),
    "sar -r restart line": ("Linux 6.1 (a) \t11/27/2026 \t_x86_64_\t(2 CPU)\n\n10:00:01    kbmemfree   kbavail kbmemused  %memused\n10:00:02       100000    200000    50000     33.00\n10:00:03       100000    200000    50001     33.00\n\n10:05:00     LINUX RESTART\t(2 CPU)\n\n10:06:01    kbmemfree   kbavail kbmemused  %memused\n10:06:02       100000    200000    40000     33.00\n", Wanted("rss", value="kbmemused"), (51200000.0, 40960000.0, 360.0)),
    "lsof count loop": ("Thu Nov 27 10:00:00 UTC 2026\n120\nThu Nov 27 10:01:00 UTC 2026\n121\n", FDS, (120.0, 121.0, 60.0)),
    "ls fd loop labelled": ("Thu Nov 27 10:00:00 UTC 2026 fds: 120\nThu Nov 27 10:01:00 UTC 2026 fds: 121\n", FDS, (120.0, 121.0, 60.0)),
    "key=value log": ("2026-11-27T10:00:00Z rss=50000000 fds=20\n2026-11-27T10:00:01Z rss=50000001 fds=21\n2026-11-27T10:00:02Z rss=50000002 fds=22\n", RSS, (50000000.0, 50000002.0, 2.0)),
    "latin1": ("t;Größe (MB)\n0;1\n1;2\n", Wanted("gauge_up", value="Größe (MB)"), (1.0, 2.0, 1.0)),
    "minus sign U+2212": ("t,value\n0,−1\n1,2\n", UP, (-1.0, 2.0, 1.0)),
    "time in minutes header": ("minutes,value\n0,1\n10,2\n", FDS, (1.0, 2.0, 600.0)),
    "openmetrics with times": ("# TYPE rss gauge\nrss 50000000 1764000000\nrss 50000001 1764000060\n# EOF\n", RSS, (50000000.0, 50000001.0, 60.0)),
    "prometheus text, ms": ('a{pid="1"} 50000000 1764000000000\na{pid="1"} 50000001 1764000060000\n', RSS, (50000000.0, 50000001.0, 60.0)),
    "openmetrics two series": ('# TYPE a gauge\na{pid="1"} 5e7 1764000000\na{pid="2"} 6e7 1764000000\n', RSS, None),
    "openmetrics chosen": ('# TYPE a gauge\na{pid="1"} 5e7 1764000000\na{pid="2"} 6e7 1764000000\na{pid="2"} 7e7 1764000060\n', Wanted("rss", value='pid="2"'), (6e7, 7e7, 60.0)),
    "exposition without times": ("# TYPE a gauge\na 50000000\n", RSS, None),
    "graphite text": ("box.soak.rss 50000000 1764000000\nbox.soak.rss 50000001 1764000060\n", RSS, (50000000.0, 50000001.0, 60.0)),
    "graphite text, two": ("box.a.mb 50000000 1764000000\nbox.b.mb 50000001 1764000060\n", RSS, None),
    "graphite text, either may be the time": ("box.soak.rss 1764000000 1073741824\nbox.soak.rss 1764000060 1073741825\n", RSS, None),
    "influx line": ("procstat,host=a,pid=1 rss=50000000i,cpu=1.5 1764000000000000000\nprocstat,host=a,pid=1 rss=50000001i,cpu=1.5 1764000060000000000\n", RSS, (50000000.0, 50000001.0, 60.0)),
    "influx line, two": ("procstat,pid=1 rss=50000000i 1764000000000000000\nprocstat,pid=2 rss=50000001i 1764000060000000000\n", RSS, None),
    "exposed, another line": ("box.soak.rss 50000000 1764000000\nbox.soak.rss 50000001 1764000060\n" * 30 + "restarted\n", RSS, None),
    "relog, a zone, a day that may be a month": ('"(PDH-CSV 4.0) (W. Europe Standard Time)(-60)","\\\\BOX\\Process(soak)\\Working Set"\n"03/04/2026 23:59:50.123","50000000"\n"03/05/2026 00:00:00.123","50000001"\n', RSS, (50000000.0, 50000001.0, 10.0)),
    "relog, tabs": ('"(PDH-TSV 4.0) (UTC)(0)"\t"\\\\BOX\\Process(soak)\\Working Set"\n"01/31/2026 23:59:50.123"\t"50000000"\n"02/01/2026 00:00:00.123"\t"50000001"\n', RSS, (50000000.0, 50000001.0, 10.0)),
    "dool": ('"dool 1.3.1 CSV output"\n"Author:","Scott Baker",,,,"URL:","https://github.com/scottchiefbaker/dool/"\n"Host:","box",,,,"User:","root"\n"Cmdline:","dool -t -m --output x 1",,,,"Date:","04 Mar 2026 23:59:59"\n"system","memory usage"\n"time","used","free","cach","avai"\n"Mar-04 23:59:59",50000000.0,1,1,1\n' + "".join(f'"Mar-05 00:00:{i:02}",500000{i:02}.0,1,1,1\n' for i in range(50)), Wanted("rss", value="used"), (50000000.0, 50000049.0, 50.0)),
    "typeperf": ('"(PDH-CSV 4.0)","\\\\BOX\\Process(soak)\\Working Set"\n"11/27/2026 10:00:00.123","50000000.000000"\n"11/27/2026 10:00:10.123","50000001.000000"\n', RSS, (50000000.0, 50000001.0, 10.0)),
    "cloudwatch data, newest first": ('{"MetricDataResults":[{"Id":"m","Label":"mem","Timestamps":["2026-11-27T10:02:00+00:00","2026-11-27T10:01:00+00:00","2026-11-27T10:00:00+00:00"],"Values":[50000002,50000001,50000000],"StatusCode":"Complete"}],"Messages":[]}', RSS, (50000000.0, 50000002.0, 120.0)),
    "cloudwatch data, two": ('{"MetricDataResults":[{"Id":"m","Timestamps":[1764000000,1764000060,1764000120],"Values":[1,2,3]},{"Id":"n","Timestamps":[1764000000,1764000060,1764000120],"Values":[4,5,6]}]}', FDS, None),
    "cloudwatch data, one of two": ('{"MetricDataResults":[{"Id":"m","Timestamps":[1764000000,1764000060,1764000120],"Values":[1,2,3]},{"Id":"n","Timestamps":[1764000000,1764000060,1764000120],"Values":[4,5,6]}]}', Wanted("fds", value="n"), (4.0, 6.0, 120.0)),
    "cloudwatch statistics, in no order": ('{"Label":"mem","Datapoints":[{"Timestamp":"2026-11-27T10:01:00Z","Average":51.0,"Unit":"Megabytes"},{"Timestamp":"2026-11-27T10:00:00Z","Average":50.0,"Unit":"Megabytes"},{"Timestamp":"2026-11-27T10:02:00Z","Average":52.0,"Unit":"Megabytes"}]}', RSS, (50000000.0, 52000000.0, 120.0)),
    "datadog v1": ('{"status":"ok","series":[{"metric":"mem","pointlist":[[1764000000000.0,50.0],[1764000060000.0,null],[1764000120000.0,52.0]],"unit":[{"family":"bytes","name":"kibibyte"},null]}],"query":"q"}', Wanted("bytes_up"), (50 * K, 52 * K, 120.0)),
    "datadog v2": ('{"data":{"attributes":{"series":[{"group_tags":["host:a"]},{"group_tags":["host:b"]}],"times":[1764000000000,1764000060000,1764000120000],"values":[[1,2,3],[4,5,6]]}}}', Wanted("fds", value="host:b"), (4.0, 6.0, 120.0)),
    "influx v1 json": ('{"results":[{"statement_id":0,"series":[{"name":"p","tags":{"pid":"1"},"columns":["time","rss","num_fds"],"values":[["2026-11-27T10:00:00Z",50000000,9],["2026-11-27T10:01:00Z",50000001,9],["2026-11-27T10:02:00Z",50000002,9]]}]}]}', RSS, (50000000.0, 50000002.0, 120.0)),
    "influx v1 json, two tags": ('{"results":[{"series":[{"name":"p","tags":{"h":"a"},"columns":["time","rss"],"values":[[1764000000,1],[1764000001,2]]},{"name":"p","tags":{"h":"b"},"columns":["time","rss"],"values":[[1764000000,1],[1764000001,2]]}]}]}', FDS, None),
    "netdata v2": ('{"api":2,"result":{"labels":["time","rss"],"point":{"value":0,"arp":1,"pa":2},"data":[[1764000000000,[50.0,0,0]],[1764000060000,[51.0,0,0]]]},"view":{"units":"MiB"}}', Wanted("rss", unit="MiB"), (50 * M, 51 * M, 60.0)),
    "azure": ('{"value":[{"name":{"value":"WorkingSet"},"unit":"Bytes","timeseries":[{"data":[{"timeStamp":"2026-11-27T10:00:00Z","average":50000000.0},{"timeStamp":"2026-11-27T10:01:00Z","average":50000001.0},{"timeStamp":"2026-11-27T10:02:00Z","average":50000002.0}]}]}]}', RSS, (50000000.0, 50000002.0, 120.0)),
    "azure, nothing in the first minute": ('{"value":[{"unit":"Bytes","timeseries":[{"data":[{"timeStamp":"2026-11-27T10:00:00Z"},{"timeStamp":"2026-11-27T10:01:00Z","average":50000001.0},{"timeStamp":"2026-11-27T10:02:00Z","average":50000002.0}]}]}]}', RSS, (50000001.0, 50000002.0, 60.0)),
    "grafana frame": ('[{"schema":{"fields":[{"name":"Time"},{"name":"rss"}]},"data":{"values":[[1764000000000,1764000060000,1764000120000],[50000000,50000001,50000002]]}}]', RSS, (50000000.0, 50000002.0, 120.0)),
    "pairs in an answer, either may be the time": ('{"series":[{"points":[[1764000000,1100000000],[1764000060,1100000001],[1764000120,1100000002]]}]}', UP, None),
    "pairs in an answer that are no times": ('{"box":{"corners":[[1,2],[3,4],[5,6]]}}', FDS, None),
    "massif": ("desc: (none)\ncmd: ./a\ntime_unit: ms\n#-----------\nsnapshot=0\n#-----------\ntime=0\nmem_heap_B=100\nmem_heap_extra_B=8\nmem_stacks_B=0\nheap_tree=empty\n#-----------\nsnapshot=1\n#-----------\ntime=2000\nmem_heap_B=300\nmem_heap_extra_B=8\nmem_stacks_B=0\nheap_tree=detailed\nn1: 300 in 1 place\n", Wanted("bytes_up"), (100.0, 300.0, 2.0)),
    "massif by instructions": ("desc: (none)\ncmd: ./a\ntime_unit: i\n#-----------\nsnapshot=0\n#-----------\ntime=0\nmem_heap_B=100\nmem_heap_extra_B=8\nmem_stacks_B=0\n", Wanted("bytes_up"), None),
    "heaptrack's massif": ("#-----------\nsnapshot=0\n#-----------\ntime=0.5\nmem_heap_B=100\nmem_heap_extra_B=0\nmem_stacks_B=0\n#-----------\nsnapshot=1\n#-----------\ntime=2\nmem_heap_B=300\nmem_heap_extra_B=0\nmem_stacks_B=0\ntime_unit: s\n", Wanted("bytes_up"), (100.0, 300.0, 1.5)),
    "syslog lines": ("Nov 27 10:00:00 box srv[12]: mem rss=50000000 fds=9\nNov 27 10:00:01 box srv[12]: mem rss=50000001 fds=9\n", RSS, (50000000.0, 50000001.0, 1.0)),
    "syslog lines, a day of one digit": ("Nov  7 10:00:00 box srv[12]: mem rss=50000000 fds=9\nNov  7 10:00:01 box srv[12]: mem rss=50000001 fds=9\n", RSS, (50000000.0, 50000001.0, 1.0)),
    "sadf, a field a line": ("box\t60\t1764000000\t-\tkbmemused\t50000\nbox\t60\t1764000060\t-\tkbmemused\t50001\n", RSS, None),
    "iostat -t": ("Linux 6.1.0 (box) \t11/27/26 \t_x86_64_\t(2 CPU)\n\n11/27/26 10:00:00\navg-cpu:  %user   %nice\n           1.01    0.00\n\nDevice             tps    kB_read/s\nvda               1.00        10.00\n\n", FDS, None),
    "netdata json": ('{"labels":["time","used"],"data":[[1764000060,50000001],[1764000030,50000000],[1764000000,49999999]]}', RSS, (49999999.0, 50000001.0, 60.0)),
    "netdata json, ragged": ('{"labels":["time","used"],"data":[[1764000060],[1764000000,49999999]]}', RSS, None),
    "days of a spreadsheet from midnight on": ("time,value\n45000,50\n45000.000116,51\n45000.000231,52\n", FDS, None),
    "zone behind an ISO time": ("timestamp,value\n2026-11-27 10:00:00 CET,50\n2026-11-27 11:00:10 CEST,52\n", FDS, (50.0, 52.0, 10.0)),
    "uptime 5m": ("uptime,value\n0s,1\n5m,2\n1h,3\n", Wanted("fds", time="uptime"), (1.0, 3.0, 3600.0)),
    "dstat's head": ('"Dstat 0.7.4 CSV output"\n"Author:","Dag Wieers <dag@wieers.com>",,,,"URL:","http://dag.wieers.com/home-made/dstat/"\n"Host:","box",,,,"User:","root"\n"Cmdline:","dstat -tm --output x",,,,"Date:","24 Nov 2025 16:00:00 UTC"\n\n"system","memory usage",,,\n"time","used","buff","cach","free"\n' + "".join(f"24-11 16:{i // 60:02d}:{i % 60:02d},{50000000 + i}.0,1,2,3\n" for i in range(90)), Wanted("rss", value="used"), (50000000.0, 50000089.0, 89.0)),
    "pidstat, a head above each row": ("Linux 6.1 (a) \t11/27/2026 \t_x86_64_\t(2 CPU)\n\n10:00:00      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n10:00:00        0      1234      0.00      0.00  900000   50000   0.20  srv\n\n10:00:01      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n10:00:01        0      1234      0.00      0.00  900000   50001   0.20  srv\n\n10:00:02      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n10:00:02        0      1234      0.00      0.00  900000   50002   0.20  srv\n\n", RSS, (51200000.0, 51202048.0, 2.0)),
    "logfmt": ('time="2026-11-27T10:00:00Z" level=info msg=stats rss=50000000\ntime="2026-11-27T10:01:00Z" level=info msg=stats rss=50000001\n', RSS, (50000000.0, 50000001.0, 60.0)),
    "epochs in brackets": ("[1764000000] rss=50000 kB\n[1764000060] rss=50001 kB\n", RSS, (51200000.0, 51201024.0, 60.0)),
    "status of /proc under a date": ("2026-11-27 10:00:00\nVmPeak:\t  600000 kB\nVmRSS:\t   50000 kB\nThreads:\t3\n2026-11-27 10:01:00\nVmPeak:\t  600000 kB\nVmRSS:\t   50001 kB\nThreads:\t3\n", RSS, (51200000.0, 51201024.0, 60.0)),
    "docker stats under a date": ("Mon Nov 24 16:00:00 UTC 2025\nCONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O       BLOCK I/O   PIDS\nabc123         soak      0.50%     50MiB / 7.6GiB   1.29%     1kB / 2kB   0B / 0B     3\nMon Nov 24 16:00:10 UTC 2025\nCONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT     MEM %     NET I/O       BLOCK I/O   PIDS\nabc123         soak      0.50%     51MiB / 7.6GiB   1.29%     1kB / 2kB   0B / 0B     3\n", RSS, (52428800.0, 53477376.0, 10.0)),
    "ps aux under a date": ("2026-11-27 10:00:00\nUSER   PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot  4711  0.1  1.2 500000 50000 ?        Ss   10:00   0:00 ./soak --x\n2026-11-27 10:01:00\nUSER   PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\nroot  4711  0.1  1.2 500000 50001 ?        Ss   10:00   0:00 ./soak --x\n", RSS, (51200000.0, 51201024.0, 60.0)),
    "smem under a clock": ("10:00:00\n  PID User     Command   Swap      USS      PSS      RSS \n 4711 root     ./soak       0   40000   41000   50000 \n10:01:00\n  PID User     Command   Swap      USS      PSS      RSS \n 4711 root     ./soak       0   40000   41000   50001 \n", RSS, (51200000.0, 51201024.0, 60.0)),
    "vmstat -w -t": ("--procs-- -----------------------memory---------------------- ---swap-- -----timestamp-----\n   r    b         swpd         free   si   so                 CET\n   0    0         50000      8000    0    0 2026-11-27 10:00:00\n   0    0         50001      8000    0    0 2026-11-27 10:00:10\n", Wanted("rss", value="swpd"), (51200000.0, 51201024.0, 10.0)),
    "JSON of columns": ('{"time":[0,10,20],"rss":[50000000,null,50000002]}', RSS, (50000000.0, 50000002.0, 20.0)),
    "JSON of columns, ragged": ('{"time":[0,10],"rss":[50000000]}', RSS, None),
    "a unit behind the time's name": ("elapsed_s\trss_kb\tfds\n0\t50000\t12\n10\t50001\t12\n", RSS, (51200000.0, 51201024.0, 10.0)),
    "epochs in ms by name": ("ts_ms,rss\n1764000000000,50000000\n1764000060000,50000001\n", RSS, (50000000.0, 50000001.0, 60.0)),
    "kubectl top, padded": ("1764000000\nNAME   CPU(cores)   MEMORY(bytes)   \nsrv-1   5m   50Mi            \n1764000060\nNAME   CPU(cores)   MEMORY(bytes)   \nsrv-1   5m   51Mi            \n", RSS, (52428800.0, 53477376.0, 60.0)),
    "vmstat -t, free memory": ("procs -----------memory---------- ---swap-- -----timestamp-----\n r  b   swpd   free   buff  cache   si   so     UTC\n 1  0      0 20993176  31140 2144384    0    0 2026-11-27 10:00:00\n 1  0      0 20993000  31140 2144384    0    0 2026-11-27 10:00:10\n", DOWN, (20993176 * K, 20993000 * K, 10.0)),
    "vmstat -t -S M": ("procs -----------memory---------- ---swap-- -----timestamp-----\n r  b   swpd   free   buff  cache   si   so     UTC\n 1  0      0 20501  30 2094    0    0 2026-11-27 10:00:00\n 1  0      0 20500  30 2094    0    0 2026-11-27 10:00:10\n", Wanted("rss", value="free"), None),
    "vmstat -t -S M with its unit": ("procs -----------memory---------- ---swap-- -----timestamp-----\n r  b   swpd   free   buff  cache   si   so     UTC\n 1  0      0 20501  30 2094    0    0 2026-11-27 10:00:00\n 1  0      0 20500  30 2094    0    0 2026-11-27 10:00:10\n", Wanted("bytes_down", unit="MiB"), (20501 * M, 20500 * M, 10.0)),
    "free -m loop, free memory": ("Thu Nov 27 10:00:00 UTC 2026\n               total        used        free      shared  buff/cache   available\nMem:           23900        1000       20000           0        3000       22000\nSwap:              0           0           0\n" * 2, DOWN, None),
    "MemAvailable without its unit": ("time,MemAvailable\n0,22786096\n10,22786000\n", DOWN, None),
    "MemAvailable in bytes": ("time,MemAvailable\n0,2278609600\n10,2278600000\n", DOWN, (2278609600.0, 2278600000.0, 10.0)),
    "pidstat -r -u -h of one that changes its CPU": ("Linux 6.1 (a) \t11/27/2026 \t_x86_64_\t(2 CPU)\n\n# Time        UID       PID    %usr %system   CPU  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n10:00:00        0      1234    0.00    0.00     0      0.00      0.00  900000   50000   0.20  srv\n10:00:01        0      1234    0.00    0.00     1      0.00      0.00  900000   50001   0.20  srv\n", RSS, (50000 * K, 50001 * K, 1.0)),
    "ps under date +%s, of a growing number of digits": ("1764000000\n  PID   RSS    VSZ COMMAND\n 5446  9760  13556 python3 -m srv\n1764000010\n  PID   RSS    VSZ COMMAND\n 5446 10788  14584 python3 -m srv\n", RSS, (9760 * K, 10788 * K, 10.0)),
    "some times have a zone": ("time,rss\n2026-11-27T10:00:00,50000000\n2026-11-27T10:01:00Z,50000001\n", RSS, None),
    "two zones": ("time,rss\n2026-11-27T10:00:00+01:00,50000000\n2026-11-27T09:01:00Z,50000001\n", RSS, (50000000.0, 50000001.0, 60.0)),
    "no value in any line": ("t,rss\n0,\n10,NaN\n", RSS, None),
    "two values of each time, far apart": ("t,rss\n" + "".join(f"{i},50000000\n{i},150000000\n" for i in range(20)), RSS, None),
    "lines that come again": ("t,rss\n" + "".join(f"{i},50000000\n{i},50000001\n" for i in range(20)), RSS, (50000000.0, 50000001.0, 19.0)),
    "Java's log of its collector": ("[0.020s][info][gc] Using G1\n[44.363s][info][gc] GC(0) Pause Young 89M->89M(200M) 10.787ms\n", RSS, None),
    "names that are percentiles": ("Timestamp,Type,Requests/s,50%,99.9%\n1764000000,,100.5,1,2\n1764000001,,100.25,1,2\n", Wanted("throughput", value="Requests/s"), (100.5, 100.25, 1.0)),
    **{
        f"a unit in the head: {head}": (f'"t","{head}"\n0,5000000\n10,5000100\n', RSS, (5000000 * unit, 5000100 * unit, 10.0))
        for head, unit in {
            "RSS/KB": K, "RSS in MB": 1e6, "RssKb": K, "rss.kb": K, "RSS, MiB": M, "rssMB": 1e6, "rss_kilobytes": K,
            "RSS KB": K, "memory (in MB)": 1e6, "RSS {MiB}": M, "RSS:MiB": M, "rss_mbytes": 1e6, "RSSKB": K, "rss_bytes": 1,
            "rssBytes": 1, "RSS (Mio)": M, "heap_used_MiB": M, "Memory-GiB": 1024 * M,
        }.items()
    },
    "a name that only ends like a unit": ("t,numb\n0,5000000\n10,5000100\n", RSS, (5000000.0, 5000100.0, 10.0)),
    "a rate is no memory": ("t,RSS (MB/s)\n0,50\n10,51\n", RSS, None),
    "a share is no memory": ("t,%mem,cpu\n0,50,1\n10,51,1\n", Wanted("rss", value="%mem"), None),
    "free -h": ("1764000000\n               total        used        free      shared  buff/cache   available\nMem:            23Gi       1.0Gi        20Gi          0B       3.0Gi        22Gi\n1764000010\n               total        used        free      shared  buff/cache   available\nMem:            23Gi       1.2Gi        20Gi          0B       3.0Gi        22Gi\n", Wanted("rss", value="used"), (1024 * M, 1.2 * 1024 * M, 10.0)),
    "French thousands and a decimal comma": ("t;rss\n0;50\u202f000\u202f000,5\n1;50\u202f000\u202f001,5\n", RSS, (50000000.5, 50000001.5, 1.0)),
    "spaces between thousands and a decimal comma": ("t;rss\n0;50 000 000,5\n1;50 000 001,5\n", RSS, (50000000.5, 50000001.5, 1.0)),
    "what is used of a limit, without spaces": ("t,mem\n0,50MiB/1GiB\n1,51MiB/1GiB\n", RSS, (50 * M, 51 * M, 1.0)),
    "a fraction is no number": ("t,mem\n0,5000000/2\n1,5000001/2\n", RSS, None),
    "a head over two lines": ('t,"RSS\n(KiB)"\n0,50000\n1,50001\n', Wanted("rss", value="RSS\n(KiB)"), (50000 * K, 50001 * K, 1.0)),
    "a quote that nothing closes": ('t,rss,note\n0,50000000,"a\n' + "1,50000001,b\n" * 20000, RSS, None),
    "a cell without an end": ("t,rss,note\n" + f"0,50000000,{'x' * 140000}\n1,50000001,b\n", RSS, None),
    "a last line cut in half": ("t,rss\n" + "".join(f"{i},5000000{i}\n" for i in range(10, 40)) + "40,50", RSS, (500000010.0, 500000039.0, 29.0)),
    "a last line without an end that is whole": ("t,rss\n" + "".join(f"{i},5000000{i}\n" for i in range(10, 40)) + "40,500000040", RSS, (500000010.0, 500000040.0, 30.0)),
    "VictoriaMetrics' export": ('{"metric":{"__name__":"rss"},"values":[50000000,50000001],"timestamps":[1764000000000,1764000060000]}\n', RSS, (50000000.0, 50000001.0, 60.0)),
    "VictoriaMetrics' export, two": ('{"metric":{"i":"1"},"values":[5,6],"timestamps":[1,2]}\n{"metric":{"i":"2"},"values":[5,6],"timestamps":[1,2]}\n', UP, None),
    "pairs whose second is the time": ("[[50000000,1764000000],[50000001,1764000060]]", RSS, None),
    "pairs of times and as large values": ("[[1764000000,1764000000],[1764000060,1764000060]]", RSS, (1764000000.0, 1764000060.0, 60.0)),
    "an answer of Prometheus that is a number": ('{"status":"success","data":{"resultType":"scalar","result":[1764000000,"5"]}}', RSS, None),
    "objects with nothing in them": ("[{}]", RSS, None),
    "Graphite's, and something else": ('[{"target":"a","datapoints":[[1,2]]},[3,4]]', UP, (1.0, 1.0, 0.0)),
    "JSON with a comma too many": ('[{"t":0,"rss":50000000},]', RSS, None),
}  # fmt: skip


@pytest.mark.parametrize("name", TRACES)
def test_traces_of_the_field(name: str) -> None:
    text, wanted, expected = TRACES[name]
    data = text.encode("latin-1" if name == "latin1" else "utf-8")
    if expected is None:
        with pytest.raises(TraceError, match=": "):
            parse_trace(data, wanted)
        return
    points = parse_trace(data, wanted).points
    assert (points[0][1], points[-1][1]) == pytest.approx(expected[:2])
    assert points[-1][0] - points[0][0] == pytest.approx(expected[2], abs=0.001)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"t":0,"rss":50000000},]', "line 1: not JSON: write one document"),
        ('t,rss,note\n0,50000000,"a\n' + "1,50000001,b\n" * 20000, "line 2: a cell has no end: close the quote"),
        ('{"sysstat": {"hosts": []}}', "line 1: sysstat's JSON: write it as a table: sadf -d"),
        ("<?xml version='1.0'?>\n<sysstat>\n</sysstat>\n", "line 1: XML or HTML, not a table: write t,value as CSV"),
        ("time_unit: ms\nsnapshot=0\nmem_heap_B=1\n", "nothing stands under the header"),
        (
            "[0.020s][info][gc] Using G1\n[0.021s][info][gc] x\n",
            "line 1: what a garbage collector logs: record pidstat",
        ),
        (
            "gc 1 @0.012s 0%: 0.018+1.3+0.076 ms clock, 4->4->0 MB, 5 MB goal, 4 P\n",
            "line 1: what a garbage collector logs",
        ),
        ("File: srv\nType: inuse_space\nShowing nodes\n", "line 1: a profile of one moment: record pidstat"),
        ("heap profile: 1: 1024 [10: 20480] @ heap/1048576\n", "line 1: a profile of one moment: record pidstat"),
        (
            '\tCommand being timed: "srv"\n\tMaximum resident set size (kbytes): 5\n',
            "line 1: GNU time's sums of a whole run",
        ),
        (
            "              total        used        free      shared\nMem:  1 2 3 4\n",
            "line 1: tables without times: print date",
        ),
        (
            "RESET\nMEM box 1764000000 2025/11/24 16:00:00 60 4096 6\nSEP\n",
            "line 1: atop's records of no process: record",
        ),
        (
            '{"data":{"result":[{"metric":{},"value":[1764000000,"5"]}]}}',
            "line 1: one moment of each series: ask for a range",
        ),
    ],
)
def test_what_is_no_table_is_called_what_it_is(text: str, said: str) -> None:
    with pytest.raises(TraceError) as raised:
        parse_trace(text.encode(), RSS)
    assert str(raised.value).startswith(said)
