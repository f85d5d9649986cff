/// The settings that the engine itself reads; a runtime fills them from its configuration.
@usableFromInline
package struct TaskSettings: Sendable {
    /// What happens to a record whose bytes cannot be read.
    package var deserializationHandler: any DeserializationExceptionHandler = LogAndFailDeserialization()
    /// What happens to a record for which a function of the topology throws.
    package var processingHandler: any ProcessingExceptionHandler = LogAndFailProcessing()
    /// What happens to a record that cannot be written or delivered.
    package var productionHandler: any ProductionExceptionHandler = DefaultProductionHandler()
    /// Where records go that a handler leaves out, or that end the application; nil sends them nowhere.
    package var deadLetterTopic: String?
    /// What runs around every node; nil leaves the nodes as they are.
    package var processorWrapper: (any ProcessorWrapper)?
    /// How event times are read where a source names no extractor.
    package var timestampExtractor: any TimestampExtractor = FailOnInvalidTimestamp()
    /// How long a task waits for an empty input that has caught up (S-03); negative: it never waits.
    package var maxTaskIdle: Duration = .zero
    /// Whether stores that ask for caching get it; false as with `statestore.cache.max.bytes` 0.
    package var isCachingEnabled = true
    /// How often, by the wall clock, final window results and unmatched join results are looked for (S-62, S-72).
    package var emitInterval: Duration = .seconds(1)
    /// Measures how long the operations of stores take; nil leaves that out, as the recording level info does.
    package var stopwatch: Stopwatch?
    /// The prefix of internal topics.
    package var applicationID: String

    package init(applicationID: String) {
        self.applicationID = applicationID
    }
}
