import Testing

@testable import SwiftwaterKafka

struct ClientIDTests {
    @Test func `a client id comes back whole`() throws {
        let id = ClientID(
            applicationID: "orders", processID: "4f1c-9a", thread: 2, endpoint: "10.0.0.5:8080", planHash: 0xab)
        #expect(id.description == "orders|4f1c-9a|002|10.0.0.5:8080|00000000000000ab")
        #expect(ClientID(id.description) == id)
    }

    @Test(arguments: [
        "", "rdkafka", "a|b|c|d|e", "a|b|000||ab", "a||000||00000000000000ab", "a|b|-1||00000000000000ab",
    ])
    func `what other programs are called is no client id`(_ text: String) {
        #expect(ClientID(text) == nil)
    }
}
