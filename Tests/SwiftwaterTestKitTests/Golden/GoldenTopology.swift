import Swiftwater

/// A topology of the corpus in our language, by the name that the corpus gives it.
struct GoldenTopology: Sendable {
    let name: String
    let write: @Sendable (StreamsBuilder) throws -> Void

    init(_ name: String, _ write: @escaping @Sendable (StreamsBuilder) throws -> Void) {
        self.name = name
        self.write = write
    }

    func build(optimizing: Bool) throws -> Topology {
        let builder = StreamsBuilder()
        try write(builder)
        return try builder.build(optimizing: optimizing ? .all : [])
    }
}
