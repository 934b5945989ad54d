#!/usr/bin/env python2
# from the old treasurer, 2011
import sys, csv

def records(lines):
    record = {}
    for line in lines:
        if line[0] == '^':
            yield record
            record = {}
        else:
            record[line[0]] = line[1:].strip()

out = csv.writer(sys.stdout)
for record in records(open(sys.argv[1])):
    if record.get('T') is None:
        print >>sys.stderr, 'no amount', `record`
        continue
    out.writerow([record['D'], record['T'], 0777])
