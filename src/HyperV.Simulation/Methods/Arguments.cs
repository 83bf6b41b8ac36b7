using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation.Methods;

/// <summary>Reads embedded instances from a method's arguments.</summary>
internal static class EmbeddedArgument
{
    /// <summary>The parsed instance; null with a refusal: 32776 for a wrong class or type, 32773 for anything else that cannot be parsed.</summary>
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

    /// <summary>An embedded instance of one class, with properties of the declared types.</summary>
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

/// <summary>The argument ReplicationRelationship: which of the machine's relationships the call is about; the primary one if omitted.</summary>
internal static class RelationshipArgument
{
    /// <summary>The relationship's number; null with a refusal.</summary>
    public static int? Read(OperationCall call, out OperationDecision? refusal)
    {
        refusal = null;
        if (call.Inputs.GetValueOrDefault("ReplicationRelationship") is not string { Length: > 0 } text)
        {
            return ChangedSettings.PrimaryRelationship;
        }

        try
        {
            if (ReplicationInstanceId.TryParse(CimXmlText.Read(text).GetString("InstanceID"), out var id) && id.VirtualMachine.Value == call.Machine.Id)
            {
                return id.IsExtended ? ChangedSettings.ExtendedRelationship : ChangedSettings.PrimaryRelationship;
            }

            refusal = OperationDecision.Refuse(ReturnCode.InvalidParameter, "ReplicationRelationship does not belong to the machine");
        }
        catch (Exception exception) when (exception is CimXmlException or CimDataException)
        {
            refusal = OperationDecision.Refuse(ReturnCode.InvalidParameter, exception.Message);
        }

        return null;
    }
}

/// <summary>The argument ReplicationSettingData: the settings of the call's machine, or a refusal.</summary>
/// <param name="Settings">The settings; null when refused.</param>
/// <param name="Refusal">Why they are refused; null when valid.</param>
internal sealed record SettingsArgument(ReplicationSettingData? Settings, OperationDecision? Refusal)
{
    public static SettingsArgument Read(OperationCall call)
    {
        var settings = EmbeddedArgument.Read(call.Inputs.GetValueOrDefault("ReplicationSettingData") as string, ReplicationSettingData.Parse, out var refusal);
        return settings is null || string.Equals(settings.VirtualSystemIdentifier, CimText.Guid(call.Machine.Id), StringComparison.OrdinalIgnoreCase)
            ? new SettingsArgument(settings, refusal)
            : new SettingsArgument(
                null, OperationDecision.Refuse(ReturnCode.InvalidParameter, $"the settings belong to '{settings.VirtualSystemIdentifier}'"));
    }
}
