"""A transactional producer that does what standard input says: confluent-kafka or kafka-python, with one set of commands.

init                              registers the transactional id
begin | commit | abort | flush
send TOPIC PARTITION VALUE        queues a record
offsets GROUP TOPIC PARTITION N   adds a group's position to the transaction

Each command is answered by a line on standard output: "ok", or "fenced" if another producer has taken over, or "error" and what
went wrong. "send" is answered when the record is queued, not when it is written.
"""

import argparse
import sys

FENCED = {"_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH", "ProducerFencedError", "InvalidProducerEpochError"}
LIMIT = 60


class Confluent:
    def __init__(self, arguments):
        from confluent_kafka import Producer

        self.producer = Producer(
            {
                "bootstrap.servers": arguments.servers,
                "transactional.id": arguments.id,
                "transaction.timeout.ms": arguments.timeout,
                "reconnect.backoff.max.ms": 500,
                "linger.ms": 5,
            }
        )

    def init(self):
        self.producer.init_transactions(LIMIT)

    def begin(self):
        self.producer.begin_transaction()

    def send(self, topic, partition, value):
        self.producer.produce(topic, value.encode(), partition=int(partition))
        self.producer.poll(0)

    def offsets(self, group, topic, partition, offset):
        from confluent_kafka import Consumer, TopicPartition

        # The metadata of a consumer that is no member: no generation, as of a consumer that assigns itself.
        consumer = Consumer({"bootstrap.servers": "localhost:1", "group.id": group, "log_level": 0})
        metadata = consumer.consumer_group_metadata()
        consumer.close()
        position = TopicPartition(topic, int(partition), int(offset))
        self.producer.send_offsets_to_transaction([position], metadata, LIMIT)

    def flush(self):
        left = self.producer.flush(LIMIT)
        if left:
            raise RuntimeError(f"{left} records unanswered")

    def commit(self):
        self.producer.commit_transaction(LIMIT)

    def abort(self):
        self.producer.abort_transaction(LIMIT)

    @staticmethod
    def name(error):
        from confluent_kafka import KafkaException

        return error.args[0].name() if isinstance(error, KafkaException) else type(error).__name__


class KafkaPython:
    def __init__(self, arguments):
        from kafka import KafkaProducer

        self.producer = KafkaProducer(
            bootstrap_servers=arguments.servers,
            transactional_id=arguments.id,
            transaction_timeout_ms=arguments.timeout,
            delivery_timeout_ms=max(arguments.timeout, 30_000),
            request_timeout_ms=20_000,
            reconnect_backoff_max_ms=500,
            linger_ms=5,
        )

    def init(self):
        self.producer.init_transactions()

    def begin(self):
        self.producer.begin_transaction()

    def send(self, topic, partition, value):
        self.producer.send(topic, value.encode(), partition=int(partition))

    def offsets(self, group, topic, partition, offset):
        from kafka import TopicPartition
        from kafka.structs import OffsetAndMetadata

        position = {TopicPartition(topic, int(partition)): OffsetAndMetadata(int(offset), "", -1)}
        self.producer.send_offsets_to_transaction(position, group)

    def flush(self):
        self.producer.flush(LIMIT)

    def commit(self):
        self.producer.commit_transaction()

    def abort(self):
        self.producer.abort_transaction()

    @staticmethod
    def name(error):
        return type(error).__name__


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=["confluent", "kafka-python"])
    parser.add_argument("servers")
    parser.add_argument("id")
    parser.add_argument("--timeout", type=int, default=60_000)
    arguments = parser.parse_args()
    client = (Confluent if arguments.library == "confluent" else KafkaPython)(arguments)
    for line in sys.stdin:
        verb, *words = line.split()
        try:
            getattr(client, verb)(*words)
            print("ok", flush=True)
        except Exception as error:
            print(f"{verb}: {error!r}", file=sys.stderr, flush=True)
            name = client.name(error)
            print("fenced" if name in FENCED else f"error {name}", flush=True)


main()
