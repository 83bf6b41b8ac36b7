namespace HostAgent.Failover.Tests.Simulated;

/// <summary>One failure that operators report.</summary>
/// <param name="Symptom">What they see.</param>
/// <param name="Test">The test that shows what the hosts or the product do then; null when none can.</param>
/// <param name="WhyNot">Why none can; null when one does.</param>
internal sealed record FailureCase(string Symptom, string? Test, string? WhyNot = null)
{
    public static FailureCase NotShown(string symptom, string why) => new(symptom, null, why);
}

/// <summary>Failures of failover and failback that operators of Hyper-V Replica report, each with its test or the reason why the simulation cannot show it.</summary>
internal static class FailureCases
{
    private const string NoAuthentication = "Authentication between the two hosts is not simulated; what a connection test reads is.";
    private const string NoClusterInPairs = "The hosts of a pair are single hosts; clusters are simulated for lone hosts only.";

    public static IReadOnlyList<FailureCase> All { get; } =
    [
        new("After an unplanned failover nothing offers the way back", "SimulatedWalkTests.Machine_comes_home_with_every_write"),
        new("The reversal fails although the old primary is there", "FailureCaseTests.Reversal_before_the_old_primary_was_told_to_be_a_replica_fails"),
        new("The reversal fails without a cause", "FailureCaseTests.Reversal_towards_a_host_that_is_down_fails_and_changes_nothing"),
        new("Replication cannot be enabled because nobody listens", "FailureCaseTests.Host_that_is_no_replica_server_gets_no_machine"),
        new("The preparation is refused while the guest shuts down", "FailureCaseTests.Preparation_while_the_guest_still_shuts_down_is_refused"),
        new("A script prepares without waiting for the machine to be off", "TransitionTests.A_planned_failover_is_not_prepared_while_the_machine_runs"),
        new("The replica's side cannot tell that the other side is prepared", "SharedPairTests.Host_goes_on_while_no_process_serves_it"),
        new("The direction is reversed twice", "SimulatedWalkTests.Machine_goes_there_and_comes_back_without_a_copy"),
        new("The end of a rehearsal destroys the replica", "SimulatedVariantTests.Rehearsal_at_home_during_the_rest_touches_neither_production_nor_replication"),
        new("Something else than a test machine is destroyed", "PowerTests.A_machine_of_the_estate_is_not_destroyed"),
        FailureCase.NotShown("A test machine outlives the end of its rehearsal", "It keeps its link to the replica here: only a move of one of the two in a cluster breaks it."),
        new("A replica has two test machines", "FailureCaseTests.Second_rehearsal_is_refused_while_the_first_one_s_machine_is_there_and_so_is_a_failover"),
        FailureCase.NotShown("A test machine is connected to production's network", "A test machine has the adapters of its replica, and nothing can reconnect them here."),
        new("A forgotten test machine blocks the next failover", "FailureCaseTests.Second_rehearsal_is_refused_while_the_first_one_s_machine_is_there_and_so_is_a_failover"),
        new("Both machines run after the old site's power returns", "SimulatedFaultTests.Fault_in_any_moment_ends_well_or_in_a_question"),
        new("The old primary comes back saved", "FailureCaseTests.Saved_old_primary_that_comes_back_after_its_host_was_shut_down_is_discarded_only_behind_its_gate"),
        new("The old primary comes back and must be resynchronized", "SimulatedVariantTests.Both_run_and_the_person_keeps_home"),
        new("Both sides are production after a partition", "SimulatedVariantTests.Both_run_and_the_person_keeps_the_recovery_site"),
        new("A start is accepted and the machine does not run", "HardwareTests.Start_is_accepted_and_fails_where_the_host_lacks_what_the_machine_needs"),
        new("The machine is up at the other site without a network", "HardwareTests.Parts_of_a_machine_are_found_from_its_settings"),
        FailureCase.NotShown("An adapter refuses every switch because a feature is missing", "Extensions of switches are not simulated."),
        new("The guest has other addresses after its return", "HardwareTests.Guest_with_contact_has_its_addresses"),
        new("A machine that is replicated further cannot be reversed", "TransitionTests.A_reversal_is_refused_without_settings_of_the_machine_and_beside_an_extended_replica"),
        FailureCase.NotShown("An extended replica cannot become the source", "A pair has two hosts; a third one is not joined to them."),
        FailureCase.NotShown("A machine on a cluster's node is not a cluster role", NoClusterInPairs),
        new("A seed of other disks is refused", "FailureCaseTests.Restored_copy_with_other_disks_is_a_question_before_anything_is_done"),
        new("The disks in a relationship's settings are not valid", "ModifyReplicationSettingsTests.Disks_are_named_by_their_keys_or_their_paths"),
        FailureCase.NotShown("A resynchronisation stops because a disk was resized on one side", "The sizes of disks do not change while a simulation runs."),
        FailureCase.NotShown("A failover to an older point fails because a disk was shrunk", "The sizes of disks do not change while a simulation runs."),
        FailureCase.NotShown("The application starts without a disk that was excluded", "What is written is known for a machine as a whole, not for each of its disks."),
        new("Replication looks healthy and nothing arrives", "FailureCaseTests.Replication_that_nothing_reaches_does_not_look_healthy"),
        new("Settings are asked of the side that is the replica now", "ModifyReplicationSettingsTests.On_a_replica_the_call_is_about_the_extended_relationship"),
        new("Replication stays suspended after a host's shutdown", "SimulatedFaultTests.Fault_after_any_step_from_a_planned_failover_ends_well_or_in_a_question"),
        new("A relationship cannot be resumed and must be created anew", "SimulatedVariantTests.Relationship_that_was_removed_is_created_anew_while_the_machine_runs"),
        FailureCase.NotShown("A replica that was restored from a backup is inconsistent without an error", "The content of disks cannot be replaced from outside a simulated host."),
        new("A backup blocks the step or is blocked by it", "FailureCaseTests.Backup_on_the_source_is_in_the_way_of_the_preparation_until_it_ends"),
        FailureCase.NotShown("Kerberos fails because a service principal name is missing", NoAuthentication),
        FailureCase.NotShown("Kerberos fails between the computer accounts", NoAuthentication),
        FailureCase.NotShown("The broker's name cannot be registered", "A directory is not simulated."),
        new("A clustered machine is not found because there is no broker", "NeighbourNamespaceTests.A_cluster_may_have_no_broker"),
        new("Replication stops after a move to a node without the certificate", "ReadinessTests.What_surrounds_a_host_is_rehearsed_as_described"),
        FailureCase.NotShown("Behind address translation the other node is never reached", NoClusterInPairs),
        FailureCase.NotShown("A proxy that inspects HTTPS breaks the connection", "There is no network between the hosts but the link."),
        new("It works one way and fails after the reversal", "LinkTests.Answer_that_is_lost_leaves_the_change_there_and_a_failed_job_here"),
        FailureCase.NotShown("PowerShell names a state wrongly", "The product reads numbers; the simulation has no PowerShell."),
        FailureCase.NotShown("Resuming says that the object was not found on a cluster", NoClusterInPairs),
        FailureCase.NotShown("A group of machines with shared disks fails", "Groups are not simulated."),
        FailureCase.NotShown("A domain controller is rolled back", "Directories are not simulated."),
        new("Nobody finds how to protect the machine again", "SimulatedWalkTests.Machine_comes_home_with_every_write"),
        new("A machine is started by hand at the far side", "FailureCaseTests.Machine_is_not_started_by_hand_at_the_side_that_receives"),
        FailureCase.NotShown("Machines that failed over fill the volume of the others", "Volumes have the free space of their description and do not fill."),
        new("A machine of a newer version does not start at home", "HardwareTests.Start_is_accepted_and_fails_where_the_host_lacks_what_the_machine_needs"),
    ];
}
