using System.Globalization;

namespace HostAgent.Documents.Internal;

internal static class DocumentPath
{
    public static string Key(string parent, string key)
    {
        var plain = key.Length > 0 && key.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-');
        return plain && key.Length <= 64
            ? parent.Length == 0 ? key : $"{parent}.{key}"
            : $"{parent}[\"{Shortened.Text(key)}\"]";
    }

    public static string Index(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}[{index}]");
}
