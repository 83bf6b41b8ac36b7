using HostAgent.Certificates;
using HostAgent.Cli;

namespace HostAgent.Failback.Certificates;

/// <summary>A directory with an authority and the certificates that it issued.</summary>
internal static class AuthorityDirectory
{
    /// <summary>The authority in a directory; a new one if it has none.</summary>
    /// <exception cref="IOException">The directory has only a part of one, or a file cannot be read or written.</exception>
    public static CertificateAuthority Open(string directory, CommandEnvironment environment)
    {
        var (certificate, key) = (Path.Combine(directory, "ca.pem"), Path.Combine(directory, "ca-key.pem"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            environment.Output.WriteLine($"using authority: {certificate}");
            return CertificateAuthority.Load(certificate, key, environment.Time);
        }

        // With a second authority next to the first one's certificates, peers would not trust each other.
        if (File.Exists(certificate) || File.Exists(key))
        {
            throw new IOException($"the directory contains only one of ca.pem and ca-key.pem");
        }

        var authority = CertificateAuthority.Create("Failback authority", environment.Time);
        var files = authority.WriteTo(directory);
        environment.Output.WriteLine($"created authority: {files.CertificatePath}, {files.PrivateKeyPath} (keep the key offline)");
        return authority;
    }
}
