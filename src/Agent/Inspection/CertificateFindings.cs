using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using HostAgent.Agent.Configuration;
using HostAgent.Transport.Tls;

namespace HostAgent.Agent.Inspection;

/// <summary>Says whose certificate the agent shows, how long it lasts, and whom it trusts.</summary>
internal static class CertificateFindings
{
    /// <summary>What is said of the agent's own certificate.</summary>
    public const string Part = "certificate";

    private const string Trusted = "authority";
    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>Judges an identity that was loaded: files that fit each other, within their validity periods.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="hostName">The name that callers look for.</param>
    /// <param name="now">The time.</param>
    public static IEnumerable<Finding> Of(MutualTlsIdentity identity, string hostName, DateTimeOffset now)
    {
        var peer = identity.Peer;
        var whose = $"{peer.Uri} ('{peer.Subject}')";
        yield return AgentSettings.ErrorOfOwner(peer, hostName) is { } error
            ? Finding.Failed(Part, $"'{peer.Subject}' is {error}")
            : Lasting(Part, whose, identity.Certificate, now);
        foreach (var authority in identity.Authorities)
        {
            yield return Lasting(Trusted, $"'{authority.Subject}'", authority, now);
        }
    }

    // Two weeks are for doing something about it; a certificate that is made for a week only is renewed by something that needs less.
    private static Finding Lasting(string part, string whose, X509Certificate2 certificate, DateTimeOffset now)
    {
        var end = new DateTimeOffset(certificate.NotAfter).ToUniversalTime();
        var (left, lifetime) = (end - now, certificate.NotAfter - certificate.NotBefore);
        var text = string.Create(CultureInfo.InvariantCulture, $"{whose}, valid until {end:u}, for another {Text(left)}");
        return left < Soon && left < lifetime / 3 ? Finding.Warning(part, $"{text}: renew it") : Finding.Ok(part, text);
    }

    private static string Text(TimeSpan left) => left.TotalDays >= 2
        ? string.Create(CultureInfo.InvariantCulture, $"{left.Days} days")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours} h");
}
