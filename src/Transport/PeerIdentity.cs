using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace HostAgent.Transport;

/// <summary>Who a peer is: what its certificate says in the one URI <c>failback://&lt;role&gt;/&lt;name&gt;</c> of its subject alternative names.</summary>
/// <param name="Role">The peer's role.</param>
/// <param name="Name">The peer's name within the role, 1 to 253 characters; compared without regard to case, as host names are.</param>
/// <param name="Subject">The distinguished name of the certificate, for people; neither decisions nor records use it.</param>
public sealed partial record PeerIdentity(PeerRole Role, string Name, string Subject)
{
    /// <summary>The scheme of the URI that carries an identity.</summary>
    public const string UriScheme = "failback";

    /// <summary>What a name may consist of, in words that fit into an error message.</summary>
    internal const string NameRule = "1 to 253 letters, digits, '.', '_', '-' or '@', starting and ending with a letter or digit";

    /// <summary>The identity as the URI in the certificate, for example <c>failback://agent/hv-west-01</c>.</summary>
    public string Uri => Format(Role, Name);

    /// <summary>The serial number of the certificate, hexadecimal; with the name it distinguishes two certificates of one name. Empty when the identity was not read from a certificate.</summary>
    public string SerialNumber { get; init; } = "";

    /// <summary>The identity as records have it, for example <c>failback://operator/maria#serial=0A1B</c>: who, by which certificate.</summary>
    public string Actor => SerialNumber.Length == 0 ? Uri : $"{Uri}#serial={SerialNumber}";

    /// <summary>Whether <paramref name="name"/> is this peer's name.</summary>
    public bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the identity out of a certificate. It does not check whether the certificate can be trusted.</summary>
    /// <exception cref="FormatException">The certificate has no identity, more than one, or one that is malformed; the message says which.</exception>
    public static PeerIdentity FromCertificate(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        string[] uris = [.. SubjectAlternativeUris.Read(certificate).Where(uri => uri.StartsWith(UriScheme + ":", StringComparison.OrdinalIgnoreCase))];
        return uris switch
        {
            [] => throw new FormatException($"certificate '{certificate.Subject}' carries no identity: no URI {UriScheme}://<role>/<name> among its subject alternative names"),
            [var uri] => Parse(uri, certificate.Subject) with { SerialNumber = certificate.SerialNumber },
            _ => throw new FormatException($"certificate '{certificate.Subject}' carries {uris.Length} identities ({string.Join(", ", uris)}); exactly one is allowed"),
        };
    }

    /// <summary>Writes the identity URI of a role and a name.</summary>
    /// <exception cref="ArgumentException">The name has characters that no identity may have, or a wrong length.</exception>
    public static string Format(PeerRole role, string name)
    {
        if (!IsName(name))
        {
            throw new ArgumentException($"peer name '{name}' is not valid: {NameRule}", nameof(name));
        }

        return $"{UriScheme}://{role.ToName()}/{name}";
    }

    /// <summary>Reads an identity URI; null when it is none.</summary>
    internal static PeerIdentity? TryParse(string uri)
    {
        try
        {
            return uri.StartsWith(UriScheme + ":", StringComparison.OrdinalIgnoreCase) ? Parse(uri, subject: "") : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static PeerIdentity Parse(string uri, string subject)
    {
        var parts = uri[(UriScheme.Length + 1)..].Split('/');
        if (parts is not ["", "", var roleText, var name])
        {
            throw new FormatException($"certificate '{subject}': identity '{uri}' is not of the form {UriScheme}://<role>/<name>");
        }

        // Enum.TryParse alone would accept numbers and lists.
        if (!Array.Exists(Enum.GetNames<PeerRole>(), known => known.Equals(roleText, StringComparison.OrdinalIgnoreCase)))
        {
            throw new FormatException($"certificate '{subject}': identity '{uri}' has the unknown role '{roleText}'; known are agent, coordinator, operator, viewer");
        }

        return IsName(name)
            ? new PeerIdentity(Enum.Parse<PeerRole>(roleText, ignoreCase: true), name, subject)
            : throw new FormatException($"certificate '{subject}': identity '{uri}' has an invalid name '{name}': {NameRule}");
    }

    private static bool IsName(string name) => name.Length <= 253 && NamePattern().IsMatch(name);

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9._@-]*[A-Za-z0-9])?\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}

/// <summary>Gives a service the identity of its caller.</summary>
public static class PeerContextExtensions
{
    /// <summary>The caller, by the certificate of its connection.</summary>
    /// <exception cref="RpcFailure">UNAUTHENTICATED: the call did not come through a server that listens with mutual TLS.</exception>
    public static PeerIdentity GetPeer(this ServerCallContext context) => context.GetHttpContext().GetPeer();

    /// <inheritdoc cref="GetPeer(ServerCallContext)"/>
    public static PeerIdentity GetPeer(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<PeerIdentity>()
            ?? throw new RpcFailure(StatusCode.Unauthenticated, "NO_CLIENT_CERTIFICATE", "the call came over a connection without a client certificate");
    }
}
