using System.Text;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// Embedded instances written by the host itself. A machine's name may contain a character that XML cannot represent; what Windows
/// does with it is not documented. Here it becomes U+FFFD, so that the text can be read.
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
