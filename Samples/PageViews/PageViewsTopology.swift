import Swiftwater

/// Views in, counts of regions out: a view has the region that the table of users names, and counts in each window that covers it.
enum PageViewsTopology {
    static let size = Duration.seconds(600)
    static let advance = Duration.seconds(300)
    /// Partitions of a backlog are not read at one pace: behind the repartition topic a region's records come as far out of order
    /// as one partition may be ahead of another. An hour is all of the input.
    static let grace = Duration.seconds(3600)

    static func build() throws -> Topology {
        let builder = StreamsBuilder()
        let users = builder.table("users", key: .string, value: User.serde)
        builder.stream("page-views", key: .string, value: PageView.serde)
            .join(users) { view, user in RegionalView(region: user.region, page: view.page, isTest: user.isTester) }
            .filterNot { _, view in view.isTest }
            .groupBy(named: "views-by-region") { _, view in view.region }
            .windowedBy(.hopping(size, advance: advance, grace: grace))
            .count(as: "views-per-region")
            .suppress(.untilWindowCloses())
            .toStream()
            .to("views-per-region", key: .timeWindowed(.string, size: size), value: .optional(.int64))
        return try builder.build()
    }
}
