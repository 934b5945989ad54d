"""Is somebody there?   python scripts/smoke.py --port 8001   (a client, nothing listens here)"""
import argparse
import socket
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    args = parser.parse_args()
    try:
        socket.create_connection((args.host, args.port), timeout=5).close()
    except OSError as problem:
        sys.exit(f"{args.host}:{args.port} {problem}")
    print("up")


if __name__ == "__main__":
    main()
