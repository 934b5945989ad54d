# flashes the old meters over RS485. python2, do not touch
import os, sys, urllib2
PORT = os.getenv("FLASH_PORT", "4401")
try:
    image = urllib2.urlopen("http://localhost:%s/latest" % PORT).read()
except urllib2.URLError, e:
    print "no image:", e
    sys.exit(1)
exec "BAUD = 9600" in globals()
print "got %d bytes" % len(image)
