import Swiftwater

extension GoldenTopologies {
    static let splits: [GoldenTopology] = [
        GoldenTopology("stateless-split-default") { builder in
            let branches = builder.stream("in", key: .optional(.string), value: .optional(.string))
                .split(named: "br-")
                .branch("a") { key, _ in key == "a" }
                .branch("long") { _, value in (value?.utf16.count ?? 0) > 3 }
                .branch("null") { _, value in value == nil }
                .defaultBranch("rest")
            for name in ["a", "long", "null", "rest"] {
                branches["br-\(name)"]?.to("out-\(name)", key: .string, value: .string)
            }
        },
        GoldenTopology("stateless-split-nodefault-peek") { builder in
            _ = builder.stream("in", key: .optional(.string), value: .optional(.int64))
                .peek { _, _ in }
                .split(named: "s-")
                .branch("even", { _, value in value.map { $0 % 2 == 0 } ?? false }) { branch in
                    branch.to("even", key: .string, value: .int64)
                }
                .branch("neg", { _, value in value.map { $0 < 0 } ?? false }) { branch in
                    branch.mapValues { value in value.map { 0 &- $0 } }.to("neg", key: .string, value: .int64)
                }
                .noDefaultBranch()
        },
    ]
}
