internal import Synchronization

/// What a client has learnt and what never changes: which schema a number stands for, and which number a schema has.
final class SchemaCache: Sendable {
    private struct SubjectSchema: Hashable {
        var subject: String
        var schema: Schema
    }

    private struct State {
        var schemas: [Int32: Schema] = [:]
        var ids: [SubjectSchema: Int32] = [:]
    }

    private let state = Mutex(State())

    func schema(id: Int32) -> Schema? {
        state.withLock { $0.schemas[id] }
    }

    func id(of schema: Schema, under subject: String) -> Int32? {
        state.withLock { $0.ids[SubjectSchema(subject: subject, schema: schema)] }
    }

    func add(_ schema: Schema, id: Int32) {
        state.withLock { $0.schemas[id] = schema }
    }

    func add(_ schema: Schema, id: Int32, under subject: String) {
        state.withLock {
            $0.ids[SubjectSchema(subject: subject, schema: schema)] = id
            if $0.schemas[id] == nil { $0.schemas[id] = schema }
        }
    }
}
