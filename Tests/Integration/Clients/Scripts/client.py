"""A Kafka client that tests run as a process: confluent-kafka or kafka-python, with one command line for both.

produce   sends standard input, one record a line (key, tab, value); prints the value of each that is acknowledged
consume   prints all records that the topic holds, then ends
member    reads as a member of a group until SIGTERM, then commits and leaves

Records are printed as partition, offset, key and value with tabs between them; a member prints its partitions to standard
error, as "assigned: 0 2", whenever it is given some.
"""

import argparse
import signal
import sys
import threading
import time

stopping = threading.Event()


def show(partition, offset, key, value):
    key, value = ((b"" if field is None else field).decode() for field in (key, value))
    print(partition, offset, key, value, sep="\t", flush=True)


def show_assignment(partitions):
    print("assigned:", *sorted(partitions), file=sys.stderr, flush=True)


def lines():
    for line in sys.stdin:
        key, value = line.rstrip("\n").split("\t", 1)
        yield key.encode(), value.encode()


class Confluent:
    """librdkafka of confluent-kafka's own, newer than the system's."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.common = {
            "bootstrap.servers": arguments.servers,
            "reconnect.backoff.max.ms": 500,
        }

    def produce(self):
        from confluent_kafka import Producer

        failures = []

        def report(error, message):
            if error:
                failures.append(error)
            else:
                print(message.value().decode(), flush=True)

        own = {"compression.type": self.arguments.codec, "enable.idempotence": True, "linger.ms": 5}
        producer = Producer({**self.common, **own, "acks": "all"})
        # Acknowledgements are printed also while standard input is silent.
        threading.Thread(target=lambda: [producer.poll(0.1) for _ in iter(stopping.is_set, True)], daemon=True).start()
        for key, value in lines():
            while True:
                try:
                    producer.produce(self.arguments.topic, value, key, on_delivery=report)
                    break
                except BufferError:
                    time.sleep(0.05)
        left = producer.flush(60)
        stopping.set()
        if left or failures:
            sys.exit(f"{left} records unanswered, failed: {failures[:3]}")

    def consumer(self, **own):
        from confluent_kafka import Consumer

        fixed = {"auto.offset.reset": "earliest", "enable.auto.commit": False, "group.id": "unused"}
        return Consumer({**self.common, **fixed, "session.timeout.ms": 10_000, "heartbeat.interval.ms": 500, **own})

    def consume(self):
        from confluent_kafka import OFFSET_BEGINNING, KafkaError, TopicPartition

        consumer = self.consumer(**{"enable.partition.eof": True, "isolation.level": self.arguments.isolation})
        found = consumer.list_topics(self.arguments.topic, 30).topics[self.arguments.topic].partitions
        consumer.assign([TopicPartition(self.arguments.topic, number, OFFSET_BEGINNING) for number in found])
        left = set(found)
        while left:
            message = consumer.poll(1)
            if message is None:
                continue
            if message.error() is None:
                show(message.partition(), message.offset(), message.key(), message.value())
            elif message.error().code() == KafkaError._PARTITION_EOF:
                left.discard(message.partition())
            else:
                sys.exit(str(message.error()))
        consumer.close()

    def member(self):
        consumer = self.consumer(**{"group.id": self.arguments.group})
        read = set()

        def commit(consumer, _):
            if read:
                consumer.commit(asynchronous=False)
                read.clear()

        def given(_, partitions):
            show_assignment(one.partition for one in partitions)

        consumer.subscribe([self.arguments.topic], on_assign=given, on_revoke=commit)
        while not stopping.is_set():
            message = consumer.poll(0.2)
            if message is None:
                continue
            if message.error():
                print(message.error(), file=sys.stderr, flush=True)
                continue
            show(message.partition(), message.offset(), message.key(), message.value())
            read.add(message.partition())
        commit(consumer, None)
        consumer.close()


class KafkaPython:
    """kafka-python, which has every byte of the protocol from its own code."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.common = {"bootstrap_servers": arguments.servers, "reconnect_backoff_max_ms": 500}

    def produce(self):
        from kafka import KafkaProducer

        codec = None if self.arguments.codec == "none" else self.arguments.codec
        producer = KafkaProducer(compression_type=codec, acks="all", linger_ms=5, enable_idempotence=True, **self.common)
        failures = []
        for key, value in lines():
            sent = producer.send(self.arguments.topic, value, key)
            sent.add_callback(lambda _, value: print(value.decode(), flush=True), value=value)
            sent.add_errback(failures.append)
        producer.flush(60)
        producer.close(10)
        if failures:
            sys.exit(f"failed: {failures[:3]}")

    def consumer(self, **own):
        from kafka import KafkaConsumer

        return KafkaConsumer(
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=500,
            **own,
            **self.common,
        )

    def consume(self):
        from kafka import TopicPartition

        consumer = self.consumer(isolation_level=self.arguments.isolation)
        partitions = [TopicPartition(self.arguments.topic, n) for n in consumer.partitions_for_topic(self.arguments.topic)]
        ends = consumer.end_offsets(partitions)
        consumer.assign(partitions)
        consumer.seek_to_beginning()
        while any(consumer.position(one) < end for one, end in ends.items()):
            for records in consumer.poll(500).values():
                for record in records:
                    show(record.partition, record.offset, record.key, record.value)
        consumer.close()

    def member(self):
        from kafka import ConsumerRebalanceListener

        class Listener(ConsumerRebalanceListener):
            def on_partitions_revoked(self, revoked):
                pass  # nothing may block here; what was read is committed at the end

            def on_partitions_assigned(self, assigned):
                show_assignment(one.partition for one in assigned)

        consumer = self.consumer(group_id=self.arguments.group)
        consumer.subscribe([self.arguments.topic], listener=Listener())
        while not stopping.is_set():
            for records in consumer.poll(200).values():
                for record in records:
                    show(record.partition, record.offset, record.key, record.value)
        consumer.commit()
        consumer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=["confluent", "kafka-python"])
    parser.add_argument("command", choices=["produce", "consume", "member"])
    parser.add_argument("servers")
    parser.add_argument("topic")
    parser.add_argument("--codec", default="none")
    parser.add_argument("--group")
    parser.add_argument("--isolation", default="read_committed")
    arguments = parser.parse_args()
    if arguments.command == "member":
        signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    client = (Confluent if arguments.library == "confluent" else KafkaPython)(arguments)
    getattr(client, arguments.command)()


main()
