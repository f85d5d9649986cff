import RDKafka
import Synchronization
import Testing

@Suite struct ConfigurationTests {
    @Test func `an unknown key is named in the error`() throws {
        let error = try #require(throws: KafkaError.self) {
            _ = try Producer(KafkaConfiguration(["bootstrap.server": "localhost"]))
        }
        #expect(error.subject == .configuration(key: "bootstrap.server", value: "localhost"))
        #expect(error.code == .invalidArgument)
        #expect(error.description.contains("bootstrap.server=localhost"))
    }

    @Test func `a bad value is named with its key`() throws {
        let error = try #require(throws: KafkaError.self) {
            _ = try Consumer(KafkaConfiguration(["group.id": "g", "session.timeout.ms": "soon"]))
        }
        #expect(error.subject == .configuration(key: "session.timeout.ms", value: "soon"))
    }

    @Test func `values that contradict each other are an error of the client`() throws {
        let error = try #require(throws: KafkaError.self) {
            _ = try Producer(KafkaConfiguration(["enable.idempotence": "true", "acks": "1"]))
        }
        #expect(error.message.contains("acks"))
    }

    @Test func `a secret is not repeated`() throws {
        let error = try #require(throws: KafkaError.self) {
            _ = try Producer(KafkaConfiguration(["sasl.passwords": "hunter2"]))
        }
        #expect(!error.description.contains("hunter2"))
    }

    @Test func `a consumer without a group is refused`() throws {
        let error = try #require(throws: KafkaError.self) { _ = try Consumer(KafkaConfiguration([:])) }
        #expect(error.subject == .configuration(key: "group.id", value: ""))
    }

    @Test func `log lines come to the closure`() throws {
        let logged = Lines()
        var configuration = KafkaConfiguration(["bootstrap.servers": "127.0.0.1:1", "debug": "generic"])
        configuration.log = { logged.append($0) }
        let producer = try Producer(configuration)
        producer.close(limit: .seconds(5))
        #expect(logged.all.contains { $0.facility == "INIT" && $0.level == 7 })
    }

    @Test func `an unreachable cluster is an event of the polling owner`() throws {
        let producer = try Producer(KafkaConfiguration(["bootstrap.servers": "127.0.0.1:1"]))
        var failures: [KafkaError] = []
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(20)
        while failures.isEmpty, clock.now < deadline {
            try producer.poll(timeout: .milliseconds(100)) { _ in }
            for case .failed(let error) in producer.takeEvents() { failures.append(error) }
        }
        #expect(failures.contains { $0.code == .transport || $0.code == .allBrokersDown })
        #expect(failures.allSatisfy { $0.isRetriable && !$0.isFatal })
    }

    @Test func `statistics are an event`() throws {
        let cluster = try MockCluster()
        let consumer = try cluster.consumer("g", ["statistics.interval.ms": "100"])
        let events = try consumer.collect(until: { _, events in !events.isEmpty }).events
        guard case .client(.statistics(let json)) = events.first else {
            Issue.record("no statistics")
            return
        }
        #expect(json.hasPrefix("{") && json.hasSuffix("}"))
        consumer.close(limit: .seconds(10))
    }
}

/// Collects log lines from any thread.
final class Lines: Sendable {
    private let lines = Mutex<[KafkaLog]>([])

    func append(_ line: KafkaLog) { lines.withLock { $0.append(line) } }

    var all: [KafkaLog] { lines.withLock { $0 } }
}
