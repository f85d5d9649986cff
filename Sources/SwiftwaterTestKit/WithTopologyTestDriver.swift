public import Swiftwater

/// Runs a topology for the length of a closure and closes it: output that nobody read throws.
///
/// - Parameters:
///   - topology: what to run.
///   - applicationID: the prefix of repartition topics and changelogs.
///   - initialWallClock: what time it is at first.
///   - isCachingEnabled: false turns the caches of all stores off.
///   - allowingUnreadOutput: true lets output stay unread.
///   - body: the test.
public func withTopologyTestDriver<Result>(
    _ topology: Topology,
    applicationID: String = "test",
    initialWallClock: Timestamp = 0,
    isCachingEnabled: Bool = true,
    allowingUnreadOutput: Bool = false,
    _ body: (TopologyTestDriver) throws -> Result
) throws -> Result {
    let driver = try TopologyTestDriver(
        topology,
        applicationID: applicationID,
        initialWallClock: initialWallClock,
        isCachingEnabled: isCachingEnabled
    )
    let result = try body(driver)
    try driver.close(allowingUnreadOutput: allowingUnreadOutput)
    return result
}
