using System.Net;
using HostAgent.Transport;

namespace HostAgent.Failback.Certificates;

/// <summary>One requested certificate: NAME, or NAME=ADDRESS,ADDRESS with the DNS names and IP addresses at which it is reached.</summary>
/// <param name="Role">The role it grants.</param>
/// <param name="Name">The name; for an agent, its host's name.</param>
/// <param name="DnsNames">The DNS names at which it is reached.</param>
/// <param name="Addresses">The IP addresses at which it is reached.</param>
internal sealed record CertificateSubject(PeerRole Role, string Name, IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>Parses NAME or NAME=ADDRESS,...; a server without an address is reached by its name.</summary>
    /// <exception cref="FormatException">The text has another form; the message says what is wrong.</exception>
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
            // Strip our parameter name, which ends the message of an argument exception.
            throw new FormatException($"\"{text}\": {error.Message.Split(" (Parameter", 2)[0]}", error);
        }

        return new CertificateSubject(
            role,
            name,
            [.. hosts.Where(host => !IPAddress.TryParse(host, out _))],
            [.. hosts.Where(host => IPAddress.TryParse(host, out _)).Select(IPAddress.Parse)]);
    }
}
