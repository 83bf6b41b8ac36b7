using System.Buffers;
using System.Net;
using HostAgent.Transport.Relay;

namespace HostAgent.Transport.Tests.Relay;

/// <summary>What a relaying server says of the peer whose connection it relays.</summary>
public sealed class RelayHeaderTests
{
    public static TheoryData<string> Sources => ["192.0.2.7:4711", "[2001:db8::7]:65535", "[::ffff:192.0.2.7]:1", ""];

    [Theory]
    [MemberData(nameof(Sources))]
    public void What_is_written_is_read_and_what_follows_is_left(string source)
    {
        var header = new RelayHeader(source.Length == 0 ? null : IPEndPoint.Parse(source), [[1, 2, 3], [], [.. Enumerable.Repeat((byte)0xE0, 2000)]]);
        byte[] sent = [.. header.ToBytes(), .. "PRI * HTTP/2.0"u8];

        var received = new ReadOnlySequence<byte>(sent);
        RelayHeader.IsAtBeginningOf(received).ShouldBe(true);
        var read = RelayHeader.Read(ref received).ShouldNotBeNull();

        read.Source?.Address.MapToIPv6().ShouldBe(header.Source!.Address.MapToIPv6());
        (read.Source?.Port).ShouldBe(header.Source?.Port);
        read.Certificates.Select(Convert.ToHexString).ShouldBe(header.Certificates.Select(Convert.ToHexString));
        received.ToArray().ShouldBe("PRI * HTTP/2.0"u8.ToArray());
    }

    [Fact]
    public void Every_beginning_of_it_waits_for_the_rest()
    {
        var sent = new RelayHeader(new IPEndPoint(IPAddress.Loopback, 1), [[1, 2, 3]]).ToBytes();
        for (var length = 0; length < sent.Length; length++)
        {
            var received = new ReadOnlySequence<byte>(sent.AsMemory(0, length));
            RelayHeader.IsAtBeginningOf(received).ShouldBe(length < 12 ? null : true);
            if (length >= 12)
            {
                RelayHeader.Read(ref received).ShouldBeNull();
                received.Length.ShouldBe(length);
            }
        }
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0")]
    [InlineData("GET / HTTP/1.1")]
    [InlineData("\r\nGET / HTTP/1.1")]
    [InlineData("\r\n\r\nGET /")]
    public void Nothing_that_a_client_of_HTTP_sends_is_taken_for_one(string sent)
        => RelayHeader.IsAtBeginningOf(new ReadOnlySequence<byte>(System.Text.Encoding.ASCII.GetBytes(sent))).ShouldBe(false);

    [Theory]
    [InlineData(12, 0x20, "version and command are 0x20; only 0x21 is known")]
    [InlineData(13, 0x31, "family and protocol are 0x31; only TCP over IPv4 and IPv6 are known")]
    [InlineData(13, 0x21, "it is shorter than its addresses")]
    [InlineData(28, 0x05, "it has 0 certificates; from 1 to 8 are allowed")]
    [InlineData(29, 0xFF, "a value is longer than the header")]
    [InlineData(30, 0x04, "a value is longer than the header")]
    public void Malformed_one_is_refused_with_the_reason(int at, byte value, string reason)
    {
        var sent = new RelayHeader(new IPEndPoint(IPAddress.Loopback, 1), [[1, 2, 3]]).ToBytes();
        sent[at] = value;
        Should.Throw<FormatException>(() =>
        {
            var received = new ReadOnlySequence<byte>(sent);
            return RelayHeader.Read(ref received);
        }).Message.ShouldBe(reason);
    }

    [Fact]
    public void Whatever_the_bytes_are_they_are_read_or_refused_in_order()
    {
        var random = new Random(20_261_128);
        var sent = new RelayHeader(new IPEndPoint(IPAddress.IPv6Loopback, 1), [[.. Enumerable.Range(0, 40).Select(number => (byte)number)], [7]]).ToBytes();
        for (var round = 0; round < 20_000; round++)
        {
            byte[] spoiled = [.. sent];
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                spoiled[random.Next(12, spoiled.Length)] = (byte)random.Next(256);
            }

            var received = new ReadOnlySequence<byte>(spoiled.AsMemory(0, random.Next(12, spoiled.Length + 1)));
            try
            {
                RelayHeader.Read(ref received);
            }
            catch (FormatException)
            {
                // Refused, which is the one other answer.
            }
        }
    }

    [Fact]
    public void More_than_a_header_can_have_is_not_written()
    {
        Should.Throw<ArgumentException>(() => new RelayHeader(null, []).ToBytes());
        Should.Throw<ArgumentException>(() => new RelayHeader(null, [.. Enumerable.Repeat<byte[]>([1], 9)]).ToBytes());
        Should.Throw<ArgumentException>(() => new RelayHeader(null, [new byte[70_000]]).ToBytes());
    }
}
