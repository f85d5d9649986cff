/// A processor that hands records to a function; it stands between two operators whose types differ.
final class Adapter<Key, Value>: Processor<Key, Value> {
    private let handOver: (Record<Key, Value>) throws -> Void

    init(name: String, context: TaskContext, _ handOver: @escaping (Record<Key, Value>) throws -> Void) {
        self.handOver = handOver
        super.init(name: name, context: context)
    }

    override func process(_ record: Record<Key, Value>) throws {
        try handOver(record)
    }
}

extension Processor {
    /// Takes records that may have no key: those without are dropped in this operator's name.
    func takingOptionalKeys() -> Adapter<Key?, Value> {
        Adapter(name: name, context: context) { [self] record in
            guard let key = record.key else { return context.drop(.nullKey, node: name) }
            try process(record.with(key: key))
        }
    }

    /// Takes records that may have no value: those without are dropped in this operator's name.
    func takingOptionalValues() -> Adapter<Key, Value?> {
        Adapter(name: name, context: context) { [self] record in
            guard let value = record.value else { return context.drop(.nullValue, node: name) }
            try process(record.with(value: value))
        }
    }
}
