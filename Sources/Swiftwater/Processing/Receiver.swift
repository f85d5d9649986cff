/// What takes the records of a node: a function with the node's name, for errors.
///
/// Operators of the hot path are made of these and not of ``Processor`` subclasses: a generic class has one method table for
/// all types, whose methods look types up at every record, while a function that an `@inlinable` operator makes is compiled for
/// the types of the topology it is called in (Design/Engine.md, with the measurement).
@usableFromInline
package struct Receiver<Key, Value> {
    @usableFromInline let name: String
    @usableFromInline let context: TaskContext
    @usableFromInline let receive: (Record<Key, Value>) throws -> Void

    @inlinable
    init(name: String, context: TaskContext, _ receive: @escaping (Record<Key, Value>) throws -> Void) {
        self.name = name
        self.context = context
        self.receive = receive
    }

    /// Takes records that may have no key: those without are dropped in this operator's name.
    @inlinable
    func takingOptionalKeys() -> Receiver<Key?, Value> {
        Receiver<Key?, Value>(name: name, context: context) { [self] record in
            guard let key = record.key else { return context.drop(.nullKey, node: name) }
            try receive(record.with(key: key))
        }
    }

    /// Takes records that all have a key, where any may lack one.
    @inlinable
    func takingKeys<Wrapped>() -> Receiver<Wrapped, Value> where Key == Wrapped? {
        Receiver<Wrapped, Value>(name: name, context: context) { [self] record in
            try receive(record.with(key: Optional(record.key)))
        }
    }

    /// Takes records that may have no value: those without are dropped in this operator's name.
    @inlinable
    func takingOptionalValues() -> Receiver<Key, Value?> {
        Receiver<Key, Value?>(name: name, context: context) { [self] record in
            guard let value = record.value else { return context.drop(.nullValue, node: name) }
            try receive(record.with(value: value))
        }
    }

    /// Takes records that all have a value, where any may lack one.
    @inlinable
    func takingValues<Wrapped>() -> Receiver<Key, Wrapped> where Value == Wrapped? {
        Receiver<Key, Wrapped>(name: name, context: context) { [self] record in
            try receive(record.with(value: Optional(record.value)))
        }
    }
}
