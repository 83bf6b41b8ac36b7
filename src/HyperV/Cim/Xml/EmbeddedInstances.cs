namespace HostAgent.HyperV.Cim.Xml;

/// <summary>Reads output parameters with embedded instances: hosts return them as text, some WMI clients as instances.</summary>
internal static class EmbeddedInstances
{
    /// <summary>Reads every element of an output.</summary>
    /// <param name="value">The output; null means no elements.</param>
    /// <param name="where">Class and parameter, for the message.</param>
    /// <param name="read">Reads an instance.</param>
    /// <param name="readText">Converts text that is not an instance; null rejects such text.</param>
    /// <exception cref="CimDataException">The output is neither text nor instances.</exception>
    /// <exception cref="CimXmlException">A text is not an instance, and there is no <paramref name="readText"/>.</exception>
    public static IReadOnlyList<T> Read<T>(
        object? value, (string ClassName, string Property) where, Func<CimInstance, T> read, Func<string, T>? readText = null) => value switch
        {
            null => [],
            string text => ReadAll([text], read, readText),
            string?[] texts => ReadAll(texts, read, readText),
            CimInstance instance => [read(instance)],
            CimInstance[] instances => [.. instances.Select(read)],
            _ => throw new CimDataException(where.ClassName, where.Property, $"it is a {value.GetType().Name}, expected embedded instances"),
        };

    private static List<T> ReadAll<T>(IEnumerable<string?> texts, Func<CimInstance, T> read, Func<string, T>? readText)
        => [.. texts.Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => ReadOne(text!, read, readText))];

    private static T ReadOne<T>(string text, Func<CimInstance, T> read, Func<string, T>? readText)
    {
        try
        {
            return read(CimXmlText.Read(text));
        }
        catch (CimXmlException) when (readText is not null)
        {
            return readText(text);
        }
    }
}
