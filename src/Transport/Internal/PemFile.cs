namespace HostAgent.Transport.Internal;

/// <summary>Writes PEM files so that a key is never readable by others, not even for a moment, and no reader sees half a file.</summary>
internal static class PemFile
{
    /// <param name="path">Where; an existing file is replaced.</param>
    /// <param name="pem">The text.</param>
    /// <param name="secret">Owner only (mode 0600). On Windows the access list inherited from the directory applies instead.</param>
    public static void Write(string path, string pem, bool secret)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (secret && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(temporary, options))
        {
            writer.WriteLine(pem);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
