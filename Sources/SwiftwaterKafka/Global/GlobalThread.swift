internal import Foundation
internal import Logging
internal import RDKafka
internal import Swiftwater

/// The thread that fills the global tables of a process: it reads all partitions of their topics, in no group, for as long as the
/// application runs.
///
/// The tables lie in one LMDB environment with the offsets of what they hold, so that a restart reads only the tail of each
/// partition. Stream threads begin when every partition was read to the end that it had at the start (S-79). What is read is
/// committed, and so seen by them, after 20 ms at most.
final class GlobalThread {
    /// The name of the state folder, and the task of errors and listeners.
    static let taskName = "global"

    private let context: GlobalContext
    private let configuration: StreamsConfiguration
    private let tables: GlobalTables
    private let logger: Logger
    private let clock = ContinuousClock()
    private let consumer: Consumer
    private let topics: ClusterTopics
    private let output: LetterOutput
    private let backend: LMDBStateBackend
    private let task: GlobalTask
    private let reports: StoreReports
    private var inputs: [KafkaPartition: GlobalInput] = [:]
    /// By the consumer's partition number.
    private var routes: [GlobalInput?] = []
    private var isLoaded = false
    private var nextCommit: ContinuousClock.Instant
    private var nextLook: ContinuousClock.Instant
    private var nextReport: ContinuousClock.Instant
    private let absence: BrokerAbsence
    /// Topics that the last look at the cluster did not find.
    private var missing: Set<String> = []

    init(_ context: GlobalContext) throws {
        self.context = context
        configuration = context.configuration
        tables = context.tables
        var logger = context.logger
        logger[metadataKey: "thread"] = "\(Self.taskName)"
        self.logger = logger
        topics = ClusterTopics(admin: context.admin, configuration: configuration, logger: logger)
        do throws(KafkaError) {
            consumer = try Consumer(configuration.globalConsumer(context.processID, logger))
        } catch {
            throw StreamsError(.invalidConfiguration, "librdkafka refuses a setting", cause: error)
        }
        let properties = configuration.letterProducer(context.processID, logger)
        let timeout = configuration.requestTimeout
        output = LetterOutput {
            let producer = try ThreadProducer(isTransactional: false) { () throws(KafkaError) in
                try Producer(properties)
            }
            return KafkaRecordOutput(producer, changelogs: [], timeout: timeout)
        }
        let stores = context.topology.globalStores
        backend = try context.directory.open(
            task: Self.taskName,
            stores: stores.map(\.name),
            changelogs: (context.topology.globalParts.flatMap(\.externalTopics) + stores.map(\.layout))
                .joined(separator: " ")
        )
        if case .discarded(let reason) = backend.origin {
            logger.warning("global tables cannot be trusted and are read anew", metadata: ["reason": "\(reason)"])
        }
        task = try GlobalTask(
            topology: context.topology,
            settings: configuration.taskSettings(of: context.topology),
            output: output,
            backend: backend,
            clock: SystemClock(),
            logger: logger
        )
        reports = StoreReports(
            dimensions: [
                ("application_id", configuration.applicationID), ("thread_id", Self.taskName),
            ],
            factory: context.metrics
        )
        nextCommit = clock.now
        nextLook = clock.now + configuration.metadataInterval
        nextReport = clock.now
        absence = BrokerAbsence(logger)
        tables.setWaker(consumer.waker)
    }

    /// Runs until it is told to stop, or something ends it: then the stream threads end first, which read the tables.
    func run() throws {
        var failure: (any Error)?
        do {
            try follow()
        } catch {
            logger.error("the global thread ends", metadata: ["error": "\(error)"])
            failure = error
            context.interrupt(error)
        }
        for input in inputs.values { input.tellEnd() }
        tables.setWaker(nil)
        reports.end(Self.taskName)
        consumer.close(limit: .seconds(5))
        task.context.close()
        tables.waitForReaders()
        try backend.close()
        if let failure { throw failure }
    }

    private func follow() throws {
        while !tables.shouldStop, try !absence.attempt("find the ends of global topics", begin) {
            pause()
        }
        while !tables.shouldStop {
            try poll()
            try commitIfDue()
            try lookIfDue()
            reportIfDue()
        }
        try commit()
    }

    /// Finds where each partition stands and where it ends.
    private func begin() throws {
        let counts = try topics.partitionCounts()
        let checkpoint = try backend.checkpoint()
        for topic in task.topics {
            guard let count = counts[topic] else { throw Self.missing(topic) }
            let partitions = (0..<count).map { KafkaPartition(topic, $0) }
            try open(partitions, from: checkpoint)
        }
        try assign()
        try commitIfDue()
    }

    private func open(_ partitions: [KafkaPartition], from checkpoint: TaskCheckpoint) throws {
        guard let topic = partitions.first?.topic else { return }
        let (beginnings, ends): ([PartitionOffset], [PartitionOffset])
        do throws(KafkaError) {
            beginnings = try consumer.beginningOffsets(partitions, timeout: configuration.requestTimeout)
            ends = try consumer.endOffsets(partitions, timeout: configuration.requestTimeout)
        } catch {
            throw StreamsError(
                .brokerUnreachable, "cannot learn where a global topic ends", at: .init(topic: topic), cause: error)
        }
        let beginningOf = Dictionary(beginnings.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
        let endOf = Dictionary(ends.map { ($0.topicPartition, $0.offset) }) { first, _ in first }
        let stores = task.stores(filledFrom: topic)
        let now = SystemClock().now()
        let isOutdated = stores.contains { backend.isOutdated(task.definitions[$0], at: now) }
        func tails(isKept: Bool) -> [KafkaPartition: ChangelogTail] {
            let tails = partitions.map { partition in
                let input = InputPartition(partition.topic, partition.partition)
                return (
                    partition,
                    ChangelogTail(
                        kept: isKept ? checkpoint.inputOffsets[input] : nil,
                        beginning: beginningOf[partition] ?? 0,
                        end: endOf[partition] ?? 0,
                        isOutdated: isOutdated
                    )
                )
            }
            return Dictionary(tails) { first, _ in first }
        }
        var found = tails(isKept: true)
        if found.values.contains(where: \.isRebuild) {
            logger.warning(
                "a global table and its topic do not fit together; it is read anew", metadata: ["topic": "\(topic)"])
            let kept = checkpoint.inputOffsets.keys.filter { $0.topic == topic }
            try backend.removeAll(in: stores, forgetting: Array(kept))
            found = tails(isKept: false)
        }
        for (partition, tail) in found {
            inputs[partition] = GlobalInput(
                partition, store: stores.first.map { task.definitions[$0].name } ?? "", tail: tail,
                listener: isLoaded ? nil : configuration.restoreListener)
        }
        let records = found.values.reduce(0) { $0 + $1.remaining }
        logger.info("reading a global topic", metadata: ["topic": "\(topic)", "records": "\(records)"])
    }

    private func assign() throws {
        do throws(KafkaError) {
            try consumer.assign(inputs.values.map { PartitionOffset($0.partition, $0.position) })
            routes = []
            for (partition, input) in inputs {
                let number = try consumer.number(of: partition)
                while routes.count <= number { routes.append(nil) }
                routes[number] = input
            }
        } catch {
            throw StreamsError(.brokerUnreachable, "cannot assign the partitions of global topics", cause: error)
        }
    }

    // MARK: Reading

    private func poll() throws {
        let wait: Duration = task.needsCommit ? max(.zero, clock.now.duration(to: nextCommit)) : .milliseconds(100)
        do throws(KafkaError) {
            _ = try consumer.poll(timeout: wait) { message in
                if message.partitionNumber < routes.count { routes[message.partitionNumber]?.take(message) }
            }
        } catch {
            throw StreamsError(.brokerUnreachable, "the global consumer cannot be polled", cause: error)
        }
        for case let input? in routes where !input.batch.isEmpty {
            try task.process(
                input.takeBatch(), from: InputPartition(input.partition.topic, input.partition.partition))
        }
        while let event = consumer.nextEvent() {
            switch event {
            case .endOfPartition(let partition, _, let offset): inputs[partition]?.reachedEnd(at: offset)
            case .failed(let error, let partition): try failed(error, partition)
            case .client(.failed(let error)): try failed(error, nil)
            case .assigned, .revoked, .committed, .client: break
            }
        }
    }

    private func failed(_ error: KafkaError, _ partition: KafkaPartition?) throws {
        let place = StreamsError.Place(
            task: Self.taskName, topic: partition?.topic, partition: partition?.partition)
        switch error.code {
        case .noValidOffset, .offsetOutOfRange:
            throw StreamsError(
                .offsets,
                "the global topic was cut off in front of what is read next: start again, and the table is read anew",
                at: place,
                cause: error
            )
        case .unknownTopicOrPartition, .localUnknownTopic, .localUnknownPartition:
            throw Self.missing(partition?.topic, cause: error)
        default:
            if error.isFatal {
                throw StreamsError(
                    .brokerUnreachable, "the global consumer failed for good", at: place, cause: error)
            }
            logger.info("global consumer: \(error)")
        }
    }

    private static func missing(_ topic: String?, cause: KafkaError? = nil) -> StreamsError {
        StreamsError(
            .missingTopic, "the topic of a global table does not exist: create it, or correct its name",
            at: .init(task: taskName, topic: topic), cause: cause)
    }

    // MARK: Committing

    private func commitIfDue() throws {
        guard clock.now >= nextCommit || task.bufferedBytes >= configuration.maximumBufferedBytes else { return }
        nextCommit = clock.now + .milliseconds(20)
        try commit()
    }

    private func commit() throws {
        if task.needsCommit {
            // A record that was left out is in the dead-letter topic before it is never read again.
            while try !output.flush(timeout: .milliseconds(100)) {
                guard !tables.shouldStop else { return }
            }
            try task.commit()
        }
        guard !isLoaded, !inputs.isEmpty else { return }
        for input in inputs.values {
            task.restored(input.committed(), from: input.partition.topic)
        }
        guard inputs.values.allSatisfy(\.tail.isDone) else { return }
        isLoaded = true
        logger.info("global tables are loaded")
        tables.open(backend.snapshots)
        context.report(.state(.running))
    }

    private func reportIfDue() {
        guard clock.now >= nextReport else { return }
        nextReport = clock.now + configuration.commitInterval
        reports.tell(Self.taskName, task.storeMetrics(restarting: true))
        reports.tell(Self.taskName, backend.openViews)
    }

    // MARK: The cluster

    /// Follows topics that have got more partitions, and notices those that are gone.
    private func lookIfDue() throws {
        guard clock.now >= nextLook else { return }
        nextLook = clock.now + configuration.metadataInterval
        _ = try absence.attempt("look at global topics", look)
    }

    private func look() throws {
        let counts = try topics.partitionCounts()
        for topic in task.topics {
            guard let count = counts[topic] else {
                // Once may be a cluster that does not know all of its topics yet.
                if !missing.insert(topic).inserted { throw Self.missing(topic) }
                continue
            }
            missing.remove(topic)
            let new = (0..<count).map { KafkaPartition(topic, $0) }.filter { inputs[$0] == nil }
            if new.isEmpty { continue }
            try open(new, from: TaskCheckpoint())
            try assign()
        }
    }

    private func pause() {
        Thread.sleep(forTimeInterval: 0.2)
    }
}
