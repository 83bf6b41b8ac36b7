using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>Reads the texts of embedded instances among a method's arguments.</summary>
internal static class EmbeddedArgument
{
    /// <summary>What the text says; null with a refusal: 32776 for a wrong class or type, 32773 for anything else that is no such instance.</summary>
    public static T? Read<T>(string? text, Func<string, T> parse, out OperationDecision? refusal)
        where T : class
    {
        refusal = null;
        try
        {
            return parse(text ?? string.Empty);
        }
        catch (CimXmlException exception) when (exception.Problem != CimXmlProblem.WrongType)
        {
            refusal = OperationDecision.Refuse(ReturnCode.InvalidParameter, exception.Message);
        }
        catch (Exception exception) when (exception is CimXmlException or CimDataException)
        {
            refusal = OperationDecision.Refuse(ReturnCode.IncorrectDataType, exception.Message);
        }

        return null;
    }

    /// <summary>An embedded instance of one class, with properties of the types that the class declares.</summary>
    public static CimInstance? Read(string? text, CimClass declaration, out OperationDecision? refusal)
        => Read(text, given => Require(CimXmlText.Read(given), declaration), out refusal);

    private static CimInstance Require(CimInstance instance, CimClass declaration)
    {
        if (!string.Equals(instance.ClassName, declaration.Name, StringComparison.OrdinalIgnoreCase))
        {
            throw new CimDataException(instance.ClassName, property: null, $"expected an instance of {declaration.Name}");
        }

        foreach (var (name, value) in instance.Properties)
        {
            if (value is not null && declaration.Find(name) is { } declared
                && (CimValues.TypeOf(value, out var isArray) != declared.Type || isArray != declared.IsArray))
            {
                throw new CimDataException(instance.ClassName, name, $"it is a {value.GetType().Name}, the class declares {CimValues.NameOf(declared.Type)}");
            }
        }

        return instance;
    }
}
