using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Operations;

/// <summary>The argument ReplicationRelationship: which of the machine's relationships a call is about; the primary one where it is left out.</summary>
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

            refusal = OperationDecision.Refuse(ReturnCode.InvalidParameter, "ReplicationRelationship is none of the machine");
        }
        catch (Exception exception) when (exception is CimXmlException or CimDataException)
        {
            refusal = OperationDecision.Refuse(ReturnCode.InvalidParameter, exception.Message);
        }

        return null;
    }
}
