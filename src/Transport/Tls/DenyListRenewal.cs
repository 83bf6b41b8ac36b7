using Microsoft.Extensions.Logging;

namespace HostAgent.Transport.Tls;

/// <summary>Takes up a changed deny list. A list with an error changes nothing: half of it may be what somebody relies on.</summary>
internal sealed partial class DenyListRenewal(MutualTlsIdentity identity, ILogger log)
{
    private FileStamps _seen = new("");
    private string? _told;

    /// <summary>Looks at the file, and reads it when it has changed or when <paramref name="always"/>.</summary>
    public void Look(bool always)
    {
        if (identity.Loader?.Options.DeniedPath is not { } path)
        {
            return;
        }

        var stamps = FileStamps.Of(path);
        if (!always && stamps == _seen)
        {
            return;
        }

        List<string> errors = [];
        var list = DenyList.Read(path, errors);
        if (errors.Count > 0)
        {
            var error = string.Join("; ", errors);
            if (_told != error)
            {
                _told = error;
                LogKept(log, error);
            }

            return;
        }

        var isFirst = _seen.Text.Length == 0;
        (_seen, _told) = (stamps, null);
        identity.Denied = list;
        if (!isFirst)
        {
            LogTaken(log, path, list.Count);
        }
    }

    [LoggerMessage(4017, LogLevel.Information, "The deny list '{Path}' is in use, {Entries} entries")]
    private static partial void LogTaken(ILogger logger, string path, int entries);

    [LoggerMessage(4018, LogLevel.Warning, "The changed deny list cannot be used, so the former one stays in use until it can: {Error}")]
    private static partial void LogKept(ILogger logger, string error);
}
