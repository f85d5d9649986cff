import Dispatch
import Glibc
import RDKafka
import Synchronization

/// A broker that gives one fixed answer to each kind of request: enough to see what is made of the answers to admin requests,
/// which librdkafka's mock cluster does not know. It is node 1, the controller and every group's coordinator.
final class ScriptedBroker: Sendable {
    /// The answer's body by the number of the request's kind.
    typealias Script = [Int16: (version: Int16, body: [Wire])]

    private let listener: Int32
    private let script: Script
    let port: Int32
    private let requests = Mutex<[Int16: [UInt8]]>([:])

    init(topics: [String], _ script: Script) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard bound else { throw KafkaError(.transport, operation: "listen") }
        let port = Int32(UInt16(bigEndian: address.sin_port))
        let metadata: [Wire] = [
            .array([[.int32(1), .string("127.0.0.1"), .int32(port), .string(nil)]]), .int32(1),
            .array(
                topics.map { name in
                    let partitions: [[Wire]] = [Int32(0), 1].map {
                        [.int16(0), .int32($0), .int32(1), .array([[.int32(1)]]), .array([[.int32(1)]])]
                    }
                    return [.int16(0), .string(name), .int8(0), .array(partitions)]
                }),
        ]
        let coordinator: [Wire] = [.int16(0), .int32(1), .string("127.0.0.1"), .int32(port)]
        self.port = port
        self.listener = listener
        self.script = script.merging([3: (1, metadata), 10: (0, coordinator)]) { own, _ in own }
        DispatchQueue(label: "accept").async { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                DispatchQueue(label: "serve").async { [self] in serve(connection) }
            }
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The bytes of the last request of a kind, after its header's first eight.
    func lastRequest(_ kind: Int16) -> [UInt8] { requests.withLock { $0[kind] ?? [] } }

    private func serve(_ connection: Int32) {
        while let head = read(connection, 4), let request = read(connection, Int(head.bigEndian32)) {
            let kind = Int16(bitPattern: UInt16(request[0]) << 8 | UInt16(request[1]))
            requests.withLock { $0[kind] = Array(request.dropFirst(8)) }
            guard let answer = kind == 18 ? versions : script[kind]?.body else { break }
            let body = Array(request[4..<8]) + answer.flatMap(\.encoded)
            let frame = Wire.int32(Int32(body.count)).encoded + body
            guard send(connection, frame, frame.count, Int32(MSG_NOSIGNAL)) > 0 else { break }
        }
        close(connection)
    }

    /// ApiVersions in its version 3: exactly the scripted kinds in the scripted versions.
    private var versions: [Wire] {
        let own =
            script.map { kind, answer in (kind, answer.version, answer.version) } + [(Int16(18), Int16(0), Int16(3))]
        return [
            .int16(0), .compactArray(own.map { [.int16($0.0), .int16($0.1), .int16($0.2), .int8(0)] }), .int32(0),
            .int8(0),
        ]
    }

    private func read(_ connection: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes {
                recv(connection, $0.baseAddress.map { $0 + done }, count - done, 0)
            }
            guard got > 0 else { return nil }
            done += got
        }
        return bytes
    }
}

extension [UInt8] {
    fileprivate var bigEndian32: UInt32 { prefix(4).reduce(0) { $0 << 8 | UInt32($1) } }
}

/// Kafka's primitives.
enum Wire: Sendable {
    case int8(Int8)
    case int16(Int16)
    case int32(Int32)
    case int64(Int64)
    case string(String?)
    case bytes([Wire])
    case array([[Wire]])
    /// The forms of flexible versions, up to 126 long.
    case compactString(String)
    case compactArray([[Wire]])

    var encoded: [UInt8] {
        switch self {
        case .int8(let value): Self.bigEndian(value)
        case .int16(let value): Self.bigEndian(value)
        case .int32(let value): Self.bigEndian(value)
        case .int64(let value): Self.bigEndian(value)
        case .string(let text):
            text.map { Self.bigEndian(Int16($0.utf8.count)) + Array($0.utf8) } ?? Self.bigEndian(Int16(-1))
        case .bytes(let fields):
            Self.bigEndian(Int32(fields.flatMap(\.encoded).count)) + fields.flatMap(\.encoded)
        case .array(let elements):
            Self.bigEndian(Int32(elements.count)) + elements.flatMap { $0.flatMap(\.encoded) }
        case .compactString(let text): [UInt8(text.utf8.count + 1)] + Array(text.utf8)
        case .compactArray(let elements):
            [UInt8(elements.count + 1)] + elements.flatMap { $0.flatMap(\.encoded) }
        }
    }

    private static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }
}
