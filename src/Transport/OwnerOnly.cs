namespace HostAgent.Transport;

/// <summary>
/// Files and directories for one account only, by Unix modes. Does nothing on Windows, where the access lists that the installation
/// sets decide.
/// </summary>
public static class OwnerOnly
{
    private const UnixFileMode Directory700 = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Readable = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Writable = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode Passable = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // Where systemd puts the credentials of a service (LoadCredential). It keeps the directory for that service by an access list, which
    // shows as group bits.
    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    /// <summary>Why a file with a secret is not protected, half a sentence with its name, its mode and the required one; null when it is.</summary>
    public static string? ErrorOfSecret(string path)
    {
        var kept = Environment.GetEnvironmentVariable(CredentialsVariable) is { Length: > 0 } directory
            && Path.GetFullPath(path).StartsWith(Path.GetFullPath(directory) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return Exposed(path, kept ? UnixFileMode.OtherRead | Writable : Readable | Writable) is { } mode
            ? $"file '{path}' has mode {Text(mode)}, which gives other accounts access to it; it must be 0600 or 0400 (chmod 600)"
            : null;
    }

    /// <summary>Creates a directory with mode 0700; an existing one is not changed.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Creating it is not allowed.</exception>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Directory700);
        }
    }

    /// <summary>Why other accounts can change a directory, half a sentence; null when they cannot, or when it does not exist.</summary>
    public static string? ErrorOfDirectory(string path) => Directory.Exists(path) && Exposed(path, Writable) is { } mode
        ? $"directory '{path}' has mode {Text(mode)}, which lets other accounts change its contents; it must be 0700 (chmod 700)"
        : null;

    // The mode, when it grants others too much. A directory above that no other account can enter protects what is below it.
    private static UnixFileMode? Exposed(string path, UnixFileMode forbidden)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        var real = Real(path);
        var mode = File.GetUnixFileMode(real);
        if ((mode & forbidden) == UnixFileMode.None)
        {
            return null;
        }

        for (var above = Path.GetDirectoryName(real); above is not null; above = Path.GetDirectoryName(above))
        {
            if ((File.GetUnixFileMode(above) & Passable) == UnixFileMode.None)
            {
                return null;
            }
        }

        return mode;
    }

    // The path without links: the modes along it count.
    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (File.ResolveLinkTarget(real, returnFinalTarget: true) is { } target)
            {
                real = Real(target.FullName);
            }
        }

        return real;
    }

    private static string Text(UnixFileMode mode) => Convert.ToString((int)mode, 8).PadLeft(4, '0');
}
