"""Port numbers that are no good for a service of ours, each set with its source."""

BROWSER_REFUSED = frozenset({
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115,
    117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587,
    601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
    6679, 6697, 10080,
})
"""The "bad ports" of the WHATWG Fetch Standard (https://fetch.spec.whatwg.org/#bad-port): browsers answer with a network error."""

MACOS_HELD = frozenset({5000, 7000})
"""AirPlay Receiver listens on both since macOS 12 (https://developer.apple.com/forums/thread/682332)."""

PRIVILEGED = range(1, 1024)
"""A bind below 1024 wants root or CAP_NET_BIND_SERVICE (capabilities(7))."""

EPHEMERAL = range(32768, 65536)
"""From here the kernel gives ports to outgoing connections: Linux 32768-60999 (ip(7)), macOS and Windows 49152-65535 (RFC 6335)."""

DAEMONS: dict[int, str] = {
    1025: "a mail catcher", 1433: "SQL Server", 1521: "Oracle", 1883: "MQTT", 2181: "ZooKeeper", 2375: "Docker", 2376: "Docker",
    2379: "etcd", 3306: "MySQL", 4040: "ngrok's inspector", 4222: "NATS", 4317: "OpenTelemetry", 4318: "OpenTelemetry",
    5432: "PostgreSQL", 5672: "RabbitMQ", 5984: "CouchDB", 6333: "Qdrant", 6379: "Redis", 8086: "InfluxDB", 8200: "Vault",
    8500: "Consul", 8883: "MQTT", 9042: "Cassandra", 9092: "Kafka", 9200: "Elasticsearch", 9222: "Chrome's debugger",
    9229: "Node's debugger", 11211: "memcached", 11434: "Ollama", 15672: "RabbitMQ", 19530: "Milvus", 27017: "MongoDB",
}
"""Well-known servers that platforms call on localhost and never hold in their own tree; each vendor's own default."""


def is_forbidden(port: int) -> bool:
    """Whether a service must never be moved here."""
    return (port in PRIVILEGED or port in EPHEMERAL or port in BROWSER_REFUSED or port in MACOS_HELD or port in DAEMONS
            or not 0 < port < 65536)
