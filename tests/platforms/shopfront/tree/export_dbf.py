# reads the old cash register (python 2.7 ONLY!)
import os, struct

KASSE = "C:/KASSE/DATEN/ARTIKEL.DBF"

def records(path):
    fh = open(path, "rb")
    try:
        head = fh.read(32)
        count, = struct.unpack("<xxxxL", head[:8])
        print "records:", count
    except IOError, err:
        print >>sys.stderr, "no kasse", err
    return count

if __name__ == "__main__":
    print records(os.environ["KASSE_FILE"] or KASSE)
