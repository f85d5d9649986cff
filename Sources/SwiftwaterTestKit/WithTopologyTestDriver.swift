public import Swiftwater

/// Runs a topology for the length of a closure and closes it: output that nobody read throws.
///
/// - Parameters:
///   - topology: what to run.
///   - applicationID: the prefix of repartition topics and changelogs.
///   - initialWallClock: what time it is at first.
///   - isCachingEnabled: false turns the caches of all stores off.
///   - deserializationHandler: what happens to records that cannot be read; by default piping them throws.
///   - processingHandler: what happens to records for which a function throws; by default piping them throws.
///   - productionHandler: what happens to records that cannot be written as bytes; by default piping them throws.
///   - deadLetterTopic: where records go that a handler leaves out; it can be read as an output topic.
///   - timestampExtractor: how event times are read where a source names no extractor.
///   - allowingUnreadOutput: true lets output stay unread.
///   - body: the test.
public func withTopologyTestDriver<Result>(
    _ topology: Topology,
    applicationID: String = "test",
    initialWallClock: Timestamp = 0,
    isCachingEnabled: Bool = true,
    deserializationHandler: any DeserializationExceptionHandler = LogAndFailDeserialization(),
    processingHandler: any ProcessingExceptionHandler = LogAndFailProcessing(),
    productionHandler: any ProductionExceptionHandler = DefaultProductionHandler(),
    deadLetterTopic: String? = nil,
    timestampExtractor: any TimestampExtractor = FailOnInvalidTimestamp(),
    allowingUnreadOutput: Bool = false,
    _ body: (TopologyTestDriver) throws -> Result
) throws -> Result {
    let driver = try TopologyTestDriver(
        topology,
        applicationID: applicationID,
        initialWallClock: initialWallClock,
        isCachingEnabled: isCachingEnabled,
        deserializationHandler: deserializationHandler,
        processingHandler: processingHandler,
        productionHandler: productionHandler,
        deadLetterTopic: deadLetterTopic,
        timestampExtractor: timestampExtractor
    )
    let result = try body(driver)
    try driver.close(allowingUnreadOutput: allowingUnreadOutput)
    return result
}
