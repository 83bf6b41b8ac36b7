using System.Net;
using HostAgent.Transport;

namespace HostAgent.Failback.Certificates;

/// <summary>One certificate that was asked for: NAME, or NAME=ADDRESS,ADDRESS with the DNS names and IP addresses it is reached at.</summary>
/// <param name="Role">What it may do.</param>
/// <param name="Name">The name; an agent's is its host's.</param>
/// <param name="DnsNames">The DNS names it is reached at.</param>
/// <param name="Addresses">The IP addresses it is reached at.</param>
internal sealed record CertificateSubject(PeerRole Role, string Name, IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>Reads NAME or NAME=ADDRESS,...; a server without an address is reached by its name.</summary>
    /// <exception cref="FormatException">The text is not of that form; the message says what is wrong.</exception>
    public static CertificateSubject Parse(PeerRole role, string text)
    {
        var (name, addresses) = text.Split('=', 2) is [var left, var right] ? (left, right) : (text, null);
        var hosts = addresses?.Split(',', StringSplitOptions.TrimEntries) ?? (role is PeerRole.Operator or PeerRole.Viewer ? [] : [name]);
        if (hosts.Any(host => host.Length == 0 || Uri.CheckHostName(host) == UriHostNameType.Unknown))
        {
            throw new FormatException($"\"{text}\": \"{addresses}\" is not a list of DNS names and IP addresses, separated by commas.");
        }

        try
        {
            PeerIdentity.Format(role, name);
        }
        catch (ArgumentException error)
        {
            // The message of an argument exception ends with the name of our own parameter.
            throw new FormatException($"\"{text}\": {error.Message.Split(" (Parameter", 2)[0]}", error);
        }

        return new CertificateSubject(
            role,
            name,
            [.. hosts.Where(host => !IPAddress.TryParse(host, out _))],
            [.. hosts.Where(host => IPAddress.TryParse(host, out _)).Select(IPAddress.Parse)]);
    }
}
