using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using HostAgent.Transport.Tls;

namespace HostAgent.Transport.Relay;

/// <summary>
/// What a relaying server says first on a connection to the server that it relays to: whose connection it is. Its form is that of the binary PROXY protocol, version 2
/// (haproxy.org, proxy-protocol.txt); the peer's certificates are values of a type that the protocol leaves to applications.
/// </summary>
/// <param name="Source">Where the peer is, as the relaying server sees it; null when it does not know.</param>
/// <param name="Certificates">The certificate by which the peer has proved itself there, and then those that it sent along, DER. At least one, at most <see cref="PresentedCertificates.Most"/>.</param>
internal sealed record RelayHeader(IPEndPoint? Source, IReadOnlyList<byte[]> Certificates)
{
    private const byte Version2Proxy = 0x21;
    private const byte Unspecified = 0x00;
    private const byte TcpOverIpv4 = 0x11;
    private const byte TcpOverIpv6 = 0x21;
    private const byte CertificateType = 0xE0;
    private const int PrefixLength = 16;
    private const int TypeAndLength = 3;

    // No HTTP request begins with it.
    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Writes it.</summary>
    /// <exception cref="ArgumentException">There are no certificates, too many, or they are longer than a header may be.</exception>
    public byte[] ToBytes()
    {
        var address = Source?.Address is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : Source?.Address;
        var addresses = address is null ? 0 : (2 * address.GetAddressBytes().Length) + 4;
        var length = addresses + Certificates.Sum(certificate => TypeAndLength + certificate.Length);
        if (Certificates.Count is 0 or > PresentedCertificates.Most || length > ushort.MaxValue)
        {
            throw new ArgumentException($"{Certificates.Count} certificates of {Certificates.Sum(certificate => certificate.Length)} bytes; from 1 to {PresentedCertificates.Most} of at most {ushort.MaxValue} bytes can be relayed");
        }

        var bytes = new byte[PrefixLength + length];
        Signature.CopyTo(bytes);
        bytes[12] = Version2Proxy;
        bytes[13] = address?.AddressFamily switch { null => Unspecified, AddressFamily.InterNetwork => TcpOverIpv4, _ => TcpOverIpv6 };
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), (ushort)length);
        var rest = bytes.AsSpan(PrefixLength);
        if (address is not null)
        {
            // The destination is the relaying server's own affair: its address and port stay zero.
            address.TryWriteBytes(rest, out var size);
            BinaryPrimitives.WriteUInt16BigEndian(rest[(2 * size)..], (ushort)Source!.Port);
            rest = rest[addresses..];
        }

        foreach (var certificate in Certificates)
        {
            rest[0] = CertificateType;
            BinaryPrimitives.WriteUInt16BigEndian(rest[1..], (ushort)certificate.Length);
            certificate.CopyTo(rest[TypeAndLength..]);
            rest = rest[(TypeAndLength + certificate.Length)..];
        }

        return bytes;
    }

    /// <summary>Whether what a connection begins with is a header; null while that cannot be told yet.</summary>
    public static bool? IsAtBeginningOf(ReadOnlySequence<byte> received)
    {
        Span<byte> begin = stackalloc byte[12];
        begin = begin[..(int)Math.Min(received.Length, begin.Length)];
        received.Slice(0, begin.Length).CopyTo(begin);
        return !Signature.StartsWith(begin) ? false : begin.Length == Signature.Length ? true : null;
    }

    /// <summary>Reads it.</summary>
    /// <param name="received">What has been received, from the beginning; afterwards what follows the header.</param>
    /// <returns>The header; null while it is not complete.</returns>
    /// <exception cref="FormatException">It is malformed, of another version, or without a certificate.</exception>
    public static RelayHeader? Read(ref ReadOnlySequence<byte> received)
    {
        if (received.Length < PrefixLength)
        {
            return null;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        received.Slice(0, PrefixLength).CopyTo(prefix);
        if (prefix[12] != Version2Proxy)
        {
            throw new FormatException($"version and command are 0x{prefix[12]:X2}; only 0x{Version2Proxy:X2} is known");
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(prefix[14..]);
        if (received.Length < PrefixLength + length)
        {
            return null;
        }

        var header = Parse(prefix[13], received.Slice(PrefixLength, length).ToArray());
        received = received.Slice(PrefixLength + length);
        return header;
    }

    private static RelayHeader Parse(byte family, ReadOnlySpan<byte> rest)
    {
        var size = family switch
        {
            Unspecified => 0,
            TcpOverIpv4 => 4,
            TcpOverIpv6 => 16,
            _ => throw new FormatException($"family and protocol are 0x{family:X2}; only TCP over IPv4 and IPv6 are known"),
        };
        var addresses = size == 0 ? 0 : (2 * size) + 4;
        if (rest.Length < addresses)
        {
            throw new FormatException("it is shorter than its addresses");
        }

        var source = size == 0 ? null : new IPEndPoint(new IPAddress(rest[..size]), BinaryPrimitives.ReadUInt16BigEndian(rest[(2 * size)..]));
        rest = rest[addresses..];
        var certificates = new List<byte[]>();
        while (!rest.IsEmpty)
        {
            var length = rest.Length < TypeAndLength ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            if (length > rest.Length - TypeAndLength)
            {
                throw new FormatException("a value is longer than the header");
            }

            if (rest[0] == CertificateType)
            {
                certificates.Add(rest.Slice(TypeAndLength, length).ToArray());
            }

            rest = rest[(TypeAndLength + length)..];
        }

        return certificates.Count is > 0 and <= PresentedCertificates.Most
            ? new RelayHeader(source, certificates)
            : throw new FormatException($"it has {certificates.Count} certificates; from 1 to {PresentedCertificates.Most} are allowed");
    }
}
