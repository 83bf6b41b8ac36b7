using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Machines;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failover;

/// <summary>A machine's settings and the service that changes them.</summary>
internal sealed class SystemManagement(ICimSession session)
{
    private const string ServiceClass = "Msvm_VirtualSystemManagementService";
    private const string SettingsDefineState = "Msvm_SettingsDefineState";

    /// <summary>The service.</summary>
    /// <exception cref="CimException">With <see cref="CimErrorCode.NotFound"/> when the host has none.</exception>
    public async Task<CimObjectPath> RequireServiceAsync(CancellationToken cancellationToken)
        => await session.ListInstancesAsync(ServiceClass, [], cancellationToken) is [{ Path: { } path }, ..]
            ? path
            : throw new CimException(CimErrorCode.NotFound, $"The host returned no {ServiceClass}.");

    /// <summary>The settings that a machine has now; null when the host does not have the machine.</summary>
    public async Task<CimInstance?> FindSettingsAsync(VirtualMachineId id, CancellationToken cancellationToken)
    {
        try
        {
            return await session.ListAssociatorsAsync(VirtualMachineReader.PathOf(id), SettingsDefineState, HyperVClasses.VirtualSystemSettingData, cancellationToken) is [var settings, ..]
                ? settings
                : null;
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.NotFound)
        {
            // It has moved to another node, or was deleted.
            return null;
        }
    }
}
