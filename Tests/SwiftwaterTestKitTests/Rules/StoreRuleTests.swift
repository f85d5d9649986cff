import Swiftwater
import SwiftwaterTestKit
import Testing

@Suite struct StoreRuleTests {
    @Test
    func `S-103 ST-01 entries are in the order of the keys' bytes, and bounds may be open or the wrong way round`()
        throws
    {
        let builder = StreamsBuilder()
        let numbers = builder.addStateStore(.keyValue("s", key: .int64, value: .string))
        builder.texts("in")
            .process(stores: [numbers]) { (context: ProcessorContext<String, String>) in
                let store = try context.store(numbers)
                func tell(_ name: String, _ entries: [KeyValueStore<Int64, String>.Entry]) throws {
                    let keys = entries.map { "\($0.key)" }.joined(separator: " ")
                    try context.forward(Record(key: name, value: keys, timestamp: 0))
                }
                return { record in
                    for key in [3, -1, .max, 0, .min] as [Int64] { try store.set("", of: key) }
                    try tell("all", store.all())
                    try tell("reverse", store.all(reverse: true))
                    try tell("from", store.range(from: .max))
                    try tell("to", store.range(to: 3))
                    try tell("positive to negative", store.range(from: 3, to: .min))
                    try tell("negative to positive", store.range(from: -1, to: 3))
                }
            }
            .to("out", key: .string, value: .string)
        // The second time they are in the store, the first time in what the next commit will write.
        let run = try StepRun(builder, [("in", nil, nil, 0), ("in", nil, nil, 0)])
        let (min, max) = (Int64.min, Int64.max)
        for step in run.steps {
            #expect(
                step == [
                    "all=0 3 \(max) \(min) -1@0", "reverse=-1 \(min) \(max) 3 0@0", "from=\(max) \(min) -1@0",
                    "to=0 3@0", "positive to negative=3 \(max) \(min)@0", "negative to positive=@0",
                ])
        }
    }

    @Test func `S-104 a store may be written to while its entries are walked over`() throws {
        let builder = StreamsBuilder()
        let texts = builder.addStateStore(.keyValue("s", key: .string, value: .string))
        builder.texts("in")
            .process(stores: [texts]) { (context: ProcessorContext<String, String>) in
                let store = try context.store(texts)
                return { record in
                    for key in ["a", "b", "c"] { try store.set("old", of: key) }
                    var seen: [String] = []
                    for entry in try store.all() {
                        seen.append(entry.key + entry.value)
                        try store.set(nil, of: entry.key)
                        try store.set("new", of: "c")
                        try store.set("new", of: "\(entry.key)\(entry.key)")
                    }
                    let left = try store.all().map(\.key)
                    try context.forward(Record(key: "seen", value: seen.joined(separator: " "), timestamp: 0))
                    try context.forward(Record(key: "left", value: left.joined(separator: " "), timestamp: 0))
                }
            }
            .to("out", key: .string, value: .string)
        let run = try StepRun(builder, [("in", nil, nil, 0)])
        #expect(run.steps == [["seen=aold bold cold@0", "left=aa bb c cc@0"]])
    }
}
