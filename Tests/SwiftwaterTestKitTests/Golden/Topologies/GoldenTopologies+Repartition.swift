import Swiftwater

extension GoldenTopologies {
    static let repartition: [GoldenTopology] = [
        GoldenTopology("repartition-named") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .selectKey { _, value in value.flatMap(\.first).map { String($0) } }
                .repartition(named: "rp", key: .string, value: .optional(.string), partitions: 1)
                .mapValues { key, value in "\(key)/\(value ?? "null")" }
                .to("out", key: .string, value: .string)
        }
    ]
}
