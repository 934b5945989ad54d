import argparse
import json
import logging

import attr
import redis

from saldo_core.settings import get_settings

log = logging.getLogger("jobs")


@attr.s(auto_attribs=True)
class Job:
    kind: str
    entry: int
    attempts: int = 0


def handle(job: Job) -> None:
    log.info("%s %s", job.kind, job.entry)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--prefetch", type=int, default=5000)
    parser.parse_args()
    queue = redis.from_url(get_settings().redis_url)
    while True:
        found = queue.blpop("jobs", timeout=30)
        if found:
            handle(Job(**json.loads(found[1])))


if __name__ == "__main__":
    main()
