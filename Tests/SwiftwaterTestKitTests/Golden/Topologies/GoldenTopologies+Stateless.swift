import Swiftwater

extension GoldenTopologies {
    static let stateless: [GoldenTopology] = [
        GoldenTopology("stateless-filter-filternot") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .filter { _, value in (value?.utf16.count ?? 0) > 1 }
                .filterNot { key, _ in key == "b" }
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("stateless-flatmap-words") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .flatMap { _, value -> [(String, Int64)] in
                    guard let value else { return [] }
                    return value.split(separator: " ", omittingEmptySubsequences: false)
                        .map { (String($0), Int64($0.utf16.count)) }
                }
                .to("out", key: .string, value: .int64)
        },
        GoldenTopology("stateless-map-mapvalues") { builder in
            builder.stream("in", key: .optional(.string), value: .optional(.string))
                .map { key, value in (value, key) }
                .mapValues { key, value in "\(key ?? "null"):\(value?.uppercased() ?? "null")" }
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("stateless-selectkey-merge") { builder in
            let left = builder.stream("left", key: .optional(.string), value: .optional(.string))
            let right = builder.stream("right", key: .optional(.string), value: .optional(.string))
            left.selectKey { _, value in value.flatMap(\.first).map { String($0) } }
                .merge(right, named: "merged")
                .to("out", key: .string, value: .string)
        },
    ]
}
