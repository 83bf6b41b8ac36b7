using HostAgent.Texts;

namespace HostAgent.Certificates;

/// <summary>Writes PEM files so that a key is never readable by others, not even for a moment, and no reader sees half a file.</summary>
internal static class PemFile
{
    /// <param name="path">Where; an existing file is replaced.</param>
    /// <param name="pem">The text.</param>
    /// <param name="secret">Owner only (mode 0600). On Windows the access list inherited from the directory applies instead.</param>
    public static void Write(string path, string pem, bool secret)
        => OutputFile.Write(path, secret ? "the private key" : "the certificate", pem + Environment.NewLine, secret ? OutputFileOptions.Secret : OutputFileOptions.Public);
}
