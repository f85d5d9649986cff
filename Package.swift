// swift-tools-version: 6.2
import PackageDescription

/// What every target is compiled with; see STYLE.md for why.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The two wrappers of C libraries say `unsafe` wherever they touch memory that C owns.
let wrapperSettings =
    settings + [
        .strictMemorySafety(),
        .enableExperimentalFeature("Lifetimes"),
    ]

/// A sample: an executable in a folder of its own, on what all samples share.
func sample(_ name: String) -> Target {
    .executableTarget(
        name: name,
        dependencies: [
            "SampleSupport", "Swiftwater", "SwiftwaterKafka",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Logging", package: "swift-log"),
        ],
        path: "Samples/\(name)",
        swiftSettings: settings
    )
}

let package = Package(
    name: "swiftwater",
    products: [
        .library(name: "Swiftwater", targets: ["Swiftwater"]),
        .library(name: "SwiftwaterKafka", targets: ["SwiftwaterKafka"]),
        .library(name: "SwiftwaterProtobuf", targets: ["SwiftwaterProtobuf"]),
        .library(name: "SwiftwaterSchemaRegistry", targets: ["SwiftwaterSchemaRegistry"]),
        .library(name: "SwiftwaterTestKit", targets: ["SwiftwaterTestKit"]),
        .library(name: "SwiftwaterBroker", targets: ["SwiftwaterBroker"]),
        .executable(name: "swiftwater", targets: ["SwiftwaterTool"]),
        .executable(name: "WordCount", targets: ["WordCount"]),
        .executable(name: "Sessions", targets: ["Sessions"]),
        .executable(name: "PageViews", targets: ["PageViews"]),
        .executable(name: "Orders", targets: ["Orders"]),
        .executable(name: "swiftwater-bench", targets: ["SwiftwaterBench"]),
        .executable(name: "swiftwater-torture", targets: ["SwiftwaterTorture"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C libraries
        .systemLibrary(name: "CRDKafka", pkgConfig: "rdkafka", providers: [.apt(["librdkafka-dev"])]),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .target(name: "RDKafka", dependencies: ["CRDKafka"], swiftSettings: wrapperSettings),
        .target(name: "LMDB", dependencies: ["CLMDB"], swiftSettings: wrapperSettings),

        // What a topology is and does
        .target(
            name: "Swiftwater",
            dependencies: [
                .product(name: "Logging", package: "swift-log")
            ],
            swiftSettings: settings
        ),

        // How values become bytes, for those who ask for it: products of their own, as each brings a dependency
        .target(
            name: "SwiftwaterProtobuf",
            dependencies: ["Swiftwater", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            swiftSettings: settings
        ),
        .target(
            name: "SwiftwaterSchemaRegistry",
            dependencies: [
                "Swiftwater", "SwiftwaterProtobuf",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: settings
        ),

        // Where it runs
        .target(
            name: "SwiftwaterKafka",
            dependencies: [
                "Swiftwater", "RDKafka", "LMDB",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "SwiftwaterTestKit",
            dependencies: ["Swiftwater", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),
        .target(
            name: "SwiftwaterBroker",
            dependencies: [
                "LMDB",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "SwiftwaterTool",
            dependencies: [
                "Swiftwater", "SwiftwaterBroker", "RDKafka",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),

        // Samples
        .target(
            name: "SampleSupport",
            dependencies: [
                "Swiftwater", "SwiftwaterKafka", "SwiftwaterBroker", "RDKafka",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Samples/Support",
            swiftSettings: settings
        ),
        sample("WordCount"),
        sample("Sessions"),
        sample("PageViews"),
        sample("Orders"),

        // Tests
        .testTarget(name: "RDKafkaTests", dependencies: ["RDKafka"], swiftSettings: settings),
        .testTarget(name: "LMDBTests", dependencies: ["LMDB"], swiftSettings: settings),
        .testTarget(
            name: "SwiftwaterTests",
            dependencies: ["Swiftwater", "SwiftwaterTestKit", .product(name: "Logging", package: "swift-log")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SwiftwaterSerdeTests",
            dependencies: [
                "Swiftwater", "SwiftwaterProtobuf", "SwiftwaterSchemaRegistry", "SwiftwaterTestKit",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Messages/orders.proto", "Messages/parcel.proto"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SwiftwaterTestKitTests",
            dependencies: ["Swiftwater", "SwiftwaterTestKit", .product(name: "Logging", package: "swift-log")],
            exclude: ["Golden/Cases", "Joins/Tables"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SwiftwaterKafkaTests",
            dependencies: [
                "Swiftwater", "SwiftwaterKafka", "LMDB", "RDKafka",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SwiftwaterBrokerTests",
            dependencies: ["SwiftwaterBroker", .product(name: "NIOEmbedded", package: "swift-nio")],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "SwiftwaterBench",
            dependencies: [
                "Swiftwater", "SwiftwaterKafka", "SwiftwaterBroker", "RDKafka",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            path: "Tests/Benchmarks",
            swiftSettings: settings
        ),
        .target(name: "TestProcesses", path: "Tests/Processes", swiftSettings: settings),
        .executableTarget(
            name: "SwiftwaterTorture",
            dependencies: [
                "Swiftwater", "SwiftwaterKafka", "SwiftwaterBroker", "RDKafka", "TestProcesses",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Faults",
            swiftSettings: settings
        ),
        .testTarget(
            name: "GuideTests",
            dependencies: [
                "Swiftwater", "SwiftwaterKafka", "SwiftwaterProtobuf", "SwiftwaterSchemaRegistry", "SwiftwaterTestKit",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: ["Examples/Words.jsonl"],
            swiftSettings: settings),
        .testTarget(
            name: "IntegrationTests",
            dependencies: [
                "Swiftwater", "SwiftwaterKafka", "SwiftwaterBroker", "RDKafka", "TestProcesses",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
            ],
            path: "Tests/Integration",
            exclude: ["Clients/Scripts", "Clients/requirements.txt"],
            swiftSettings: settings
        ),
    ]
)
