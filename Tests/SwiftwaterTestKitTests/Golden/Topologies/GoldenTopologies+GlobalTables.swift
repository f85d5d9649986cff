import Swiftwater

extension GoldenTopologies {
    /// The part of a value before `|`; nil where that is empty.
    @Sendable
    private static func head(_ key: String?, _ value: String) -> String? {
        value.hasPrefix("|") ? nil : String(value.prefix { $0 != "|" })
    }

    static let globalTables: [GoldenTopology] = [
        GoldenTopology("kg-join-inner") { builder in
            let table = builder.globalTable("g", key: .string, value: .string, as: "gs")
            builder.stream("s", key: .optional(.string), value: .optional(.string))
                .join(table, on: head) { "\($0)+\($1)" }
                .to("out", key: .string, value: .string)
        },
        GoldenTopology("kg-join-left") { builder in
            let table = builder.globalTable("g", key: .string, value: .string, as: "gs")
            builder.stream("s", key: .optional(.string), value: .optional(.string))
                .leftJoin(table, on: head) { "\($0 ?? "null"):\($1)+\($2 ?? "null")" }
                .to("out", key: .string, value: .string)
        },
    ]
}
