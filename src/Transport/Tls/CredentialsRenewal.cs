using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HostAgent.Transport.Tls;

/// <summary>
/// Reloads the changed files of one identity, and warns when its certificate gets old. Files that do not match, such as half of a
/// renewal, leave the previous credentials in use; they are read again until they match.
/// </summary>
internal sealed partial class CredentialsRenewal
{
    private const double WarnAfterPart = 0.75;

    private readonly MutualTlsIdentity _identity;
    private readonly ILogger _log;
    private FileStamps _taken;
    private string? _toldError;
    private string? _toldOld;
    private string? _toldExpired;

    /// <param name="identity">Whose files.</param>
    /// <param name="log">Takes a line for each change.</param>
    public CredentialsRenewal(MutualTlsIdentity identity, ILogger log)
    {
        _identity = identity;
        _log = log;
        // The files may have changed since they were loaded, so the first look reads them.
        _taken = new FileStamps("");
    }

    /// <summary>Looks at the files, and reads them when they have changed or when <paramref name="always"/>.</summary>
    public void Look(bool always)
    {
        if (_identity.Loader is { } loader)
        {
            var stamps = FileStamps.Of(loader.Options.CertificatePath, loader.Options.PrivateKeyPath, loader.Options.AuthorityPath);
            if (always || stamps != _taken)
            {
                Read(loader, stamps, always);
            }
        }

        TellAge();
    }

    private void Read(MutualTlsIdentityLoader loader, FileStamps stamps, bool always)
    {
        TlsCredentials read;
        try
        {
            read = loader.Load();
        }
        catch (OptionsValidationException exception)
        {
            Keep(string.Join("; ", exception.Failures));
            return;
        }

        var former = _identity.Current;
        if (read.Peer.Role != former.Peer.Role || !read.Peer.IsNamed(former.Peer.Name))
        {
            Keep($"the certificate in '{loader.Options.CertificatePath}' belongs to {read.Peer.Uri}, but this process is {former.Peer.Uri}");
            read.Dispose();
            return;
        }

        (_taken, _toldError) = (stamps, null);
        if (read.IsLike(former))
        {
            read.Dispose();
            if (always)
            {
                LogUnchanged(_log, former.Peer.Uri, former.Certificate.SerialNumber, Text(former.Certificate.ValidUntil));
            }

            return;
        }

        _identity.Use(read);
        LogTaken(_log, read.Peer.Uri, read.Certificate.SerialNumber, Text(read.Certificate.ValidUntil));
    }

    // One line for one error, however often it is met.
    private void Keep(string error)
    {
        if (_toldError != error)
        {
            _toldError = error;
            LogKept(_log, _identity.Peer.Uri, error);
        }
    }

    private void TellAge()
    {
        var certificate = _identity.Certificate;
        var (from, until, now) = (certificate.ValidFrom, certificate.ValidUntil, _identity.Time.GetUtcNow());
        if (now > until)
        {
            if (_toldExpired != certificate.SerialNumber)
            {
                _toldExpired = certificate.SerialNumber;
                LogExpired(_log, _identity.Peer.Uri, certificate.SerialNumber, Text(until));
            }
        }
        else if (now > from + ((until - from) * WarnAfterPart) && _toldOld != certificate.SerialNumber)
        {
            _toldOld = certificate.SerialNumber;
            LogOld(_log, _identity.Peer.Uri, certificate.SerialNumber, Text(until));
        }
    }

    private static string Text(DateTimeOffset time) => time.ToString("u", CultureInfo.InvariantCulture);

    [LoggerMessage(4010, LogLevel.Information, "New connections use the new certificate of {Identity}, serial {Serial}, valid until {Until}")]
    private static partial void LogTaken(ILogger logger, string identity, string serial, string until);

    [LoggerMessage(4011, LogLevel.Warning, "The changed certificate files of {Identity} are not usable; keeping the previous ones: {Error}")]
    private static partial void LogKept(ILogger logger, string identity, string error);

    [LoggerMessage(4012, LogLevel.Warning, "The certificate of {Identity}, serial {Serial}, expires on {Until}; three quarters of its lifetime have passed. Renew it")]
    private static partial void LogOld(ILogger logger, string identity, string serial, string until);

    [LoggerMessage(4013, LogLevel.Error, "The certificate of {Identity}, serial {Serial}, expired on {Until}; peers refuse it until the files are renewed")]
    private static partial void LogExpired(ILogger logger, string identity, string serial, string until);

    [LoggerMessage(4014, LogLevel.Information, "Reloaded the certificate files of {Identity}: unchanged, serial {Serial}, valid until {Until}")]
    private static partial void LogUnchanged(ILogger logger, string identity, string serial, string until);
}
