internal import NIOCore
internal import Swiftwater

/// A serde in the wire format: header, payload, and the registry behind them.
///
/// # Contract
///
/// - A record of a schema and topic that were seen before costs no lock, no request and no text.
/// - The first record of a topic or of a schema waits for the registry, on the thread that reads or writes it, as long as the
///   client's timeout at most.
/// - Where the registry says that the schema of a record does not exist, the record is at fault: it throws the registry's error. Whatever
///   else keeps the registry from answering is a `StreamsError`, about which no handler is asked.
///
/// SchemaRegistrySerdeTests hold these.
final class RegistrySerde<Value>: Sendable {
    /// What is written before the payloads of a topic.
    private struct Writer: Sendable {
        var topic: String
        var component: SerdeContext.Component
        var prefix: [UInt8]
    }

    private let client: SchemaRegistryClient
    private let payload: Serde<Value>
    private let format: RecordFormat
    private let writerSchema: WriterSchema
    private let subject: SubjectNameStrategy
    private let recordName: RecordName
    private let writers = AppendOnlyList<Writer>()
    private let readers = AppendOnlyList<SchemaReader>()

    init(
        _ client: SchemaRegistryClient,
        _ payload: Serde<Value>,
        _ format: RecordFormat,
        _ writerSchema: WriterSchema,
        _ subject: SubjectNameStrategy,
        _ recordName: RecordName
    ) {
        self.client = client
        self.payload = payload
        self.format = format
        self.writerSchema = writerSchema
        self.subject = subject
        self.recordName = recordName
    }

    var serde: Serde<Value> {
        Serde(
            serializeInContext: { value, bytes, context in try self.write(value, bytes, context) },
            deserializeInContext: { bytes, context in try bytes.withUnsafeBytes { try self.read($0, context) } }
        )
    }

    // MARK: Writing

    private func write(_ value: Value, _ bytes: ByteWriter, _ context: SerdeContext) throws {
        let known = writers.first { $0.component == context.component && $0.topic == context.topic }
        bytes.append(contentsOf: try (known ?? newWriter(context)).prefix)
        try payload.serializeBytes(value, bytes, context)
    }

    private func newWriter(_ context: SerdeContext) throws -> Writer {
        let (id, schema) = try chosenSchema(context)
        let prefix: [UInt8]
        do {
            prefix = try format.prefixes(in: schema)[0]
        } catch {
            throw StreamsError(
                .invalidConfiguration,
                "schema \(id) does not fit what is written: \(error.message)",
                at: StreamsError.Place(topic: context.topic),
                cause: error
            )
        }
        let writer = Writer(
            topic: context.topic, component: context.component, prefix: WireHeader.bytes(id) + prefix)
        writers.append(writer)
        return writer
    }

    private func chosenSchema(_ context: SerdeContext) throws -> (Int32, Schema) {
        func name() throws -> String { try subject.name(context.topic, context.component, recordName) }
        switch writerSchema {
        case .registering(let text, let references):
            let schema = Schema(format.schemaType, text, references: references)
            return (try answer(client.registering(schema, under: name()), context), schema)
        case .registered(let text, let references):
            let schema = Schema(format.schemaType, text, references: references)
            return (try answer(client.lookingUp(schema, under: name()), context), schema)
        case .latest:
            let found = try answer(client.fetching(.latest, of: name()), context)
            return (found.id, found.schema)
        case .id(let id):
            return (id, try answer(client.fetching(id: id), context))
        }
    }

    // MARK: Reading

    private func read(_ bytes: UnsafeRawBufferPointer, _ context: SerdeContext) throws -> Value {
        let id = try WireHeader.id(bytes)
        let reader = try readers.first { $0.id == id } ?? newReader(id, context)
        return try payload.deserializeBytes(try reader.payload(bytes).bytes, context)
    }

    private func newReader(_ id: Int32, _ context: SerdeContext) throws -> SchemaReader {
        let schema: Schema
        do {
            schema = try client.fetching(id: id).wait()
        } catch let error as SchemaRegistryError where error.isNotFound {
            throw error
        } catch {
            throw unanswered(error, context)
        }
        let reader = SchemaReader(id: id, schema: schema, format: format)
        readers.append(reader)
        return reader
    }

    // MARK: Waiting

    private func answer<Answer: Sendable>(_ future: EventLoopFuture<Answer>, _ context: SerdeContext) throws -> Answer {
        do {
            return try future.wait()
        } catch {
            throw unanswered(error, context)
        }
    }

    private func unanswered(_ error: any Error, _ context: SerdeContext) -> StreamsError {
        let wasRefused = (error as? SchemaRegistryError)?.code != nil
        return StreamsError(
            .schemaRegistry,
            wasRefused
                ? "the schema registry refused the \(context.component)'s schema; mend the schema or the rights, then start again"
                : "the schema registry does not answer; start again when it does",
            at: StreamsError.Place(topic: context.topic),
            cause: error
        )
    }
}
