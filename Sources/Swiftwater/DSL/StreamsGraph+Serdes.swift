extension StreamsGraph {
    /// The serde that an operator was given or that its type has; without one the topology is refused at `build()`.
    @usableFromInline
    func serde<Value>(_ given: Serde<Value>?, of what: String, at node: String) -> Serde<Value> {
        if let serde = given ?? .standard { return serde }
        let error = StreamsError(
            .invalidTopology,
            "no serde is known for \(what) of type \(Value.self): name one at this operator, or conform the type to SerdeRepresentable",
            at: .init(node: node)
        )
        fail(error)
        return Serde { _, _ in
            throw error
        } deserialize: { _ in
            throw error
        }
    }
}
