using System.Text;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// Embedded instances as the host itself writes them. A machine's name may hold a character that XML lacks; what Windows makes of it in
/// its own texts is not documented, and here it becomes U+FFFD, so that the text can be read.
/// </summary>
internal static class HostXml
{
    public static string Write(CimInstance instance)
        => CimXmlText.Write(new CimInstance(instance.Path, instance.ClassName, instance.Properties.Select(property => KeyValuePair.Create(property.Key, Carried(property.Value)))));

    private static object? Carried(object? value) => value switch
    {
        string text => Carried(text),
        string?[] texts => texts.Select(text => text is null ? null : Carried(text)).ToArray(),
        _ => value,
    };

    private static string Carried(string text)
    {
        if (CimXmlText.CanCarry(text))
        {
            return text;
        }

        var carried = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            carried.Append(CimXmlText.CanCarry(rune.ToString()) ? rune : Rune.ReplacementChar);
        }

        return carried.ToString();
    }
}
