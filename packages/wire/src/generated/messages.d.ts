import * as $protobuf from "protobufjs/minimal.js";
type Long = $protobuf.Long;

/** Namespace consensus. */
export namespace consensus {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of a Proposal.
         * @deprecated Use consensus.v1.Proposal.$Properties instead.
         */
        interface IProposal extends consensus.v1.Proposal.$Properties {
        }

        /** Represents a Proposal. */
        class Proposal {

            /**
             * Constructs a new Proposal.
             * @param [properties] Properties to set
             */
            constructor(properties?: consensus.v1.Proposal.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Proposal name. */
            name: string;

            /** Proposal payload. */
            payload: Uint8Array;

            /** Proposal proposalId. */
            proposalId: number;

            /** Proposal proposalOwner. */
            proposalOwner: Uint8Array;

            /** Proposal votes. */
            votes: consensus.v1.Vote.$Properties[];

            /** Proposal expectedVotersCount. */
            expectedVotersCount: number;

            /** Proposal round. */
            round: number;

            /** Proposal timestamp. */
            timestamp: (number|Long);

            /** Proposal expirationTimestamp. */
            expirationTimestamp: (number|Long);

            /** Proposal livenessCriteriaYes. */
            livenessCriteriaYes: boolean;

            /**
             * Encodes the specified Proposal message. Does not implicitly {@link consensus.v1.Proposal.verify|verify} messages.
             * @param message Proposal message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: consensus.v1.Proposal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Proposal message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {consensus.v1.Proposal & consensus.v1.Proposal.$Shape} Proposal
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): consensus.v1.Proposal & consensus.v1.Proposal.$Shape;
        }

        namespace Proposal {

            /** Properties of a Proposal. */
            interface $Properties {

                /** Proposal name */
                name?: (string|null);

                /** Proposal payload */
                payload?: (Uint8Array|null);

                /** Proposal proposalId */
                proposalId?: (number|null);

                /** Proposal proposalOwner */
                proposalOwner?: (Uint8Array|null);

                /** Proposal votes */
                votes?: (consensus.v1.Vote.$Properties[]|null);

                /** Proposal expectedVotersCount */
                expectedVotersCount?: (number|null);

                /** Proposal round */
                round?: (number|null);

                /** Proposal timestamp */
                timestamp?: (number|Long|null);

                /** Proposal expirationTimestamp */
                expirationTimestamp?: (number|Long|null);

                /** Proposal livenessCriteriaYes */
                livenessCriteriaYes?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Proposal. */
            type $Shape = consensus.v1.Proposal.$Properties;
        }

        /**
         * Properties of a Vote.
         * @deprecated Use consensus.v1.Vote.$Properties instead.
         */
        interface IVote extends consensus.v1.Vote.$Properties {
        }

        /** Represents a Vote. */
        class Vote {

            /**
             * Constructs a new Vote.
             * @param [properties] Properties to set
             */
            constructor(properties?: consensus.v1.Vote.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Vote voteId. */
            voteId: number;

            /** Vote voteOwner. */
            voteOwner: Uint8Array;

            /** Vote proposalId. */
            proposalId: number;

            /** Vote timestamp. */
            timestamp: (number|Long);

            /** Vote vote. */
            vote: boolean;

            /** Vote parentHash. */
            parentHash: Uint8Array;

            /** Vote receivedHash. */
            receivedHash: Uint8Array;

            /** Vote voteHash. */
            voteHash: Uint8Array;

            /** Vote signature. */
            signature: Uint8Array;

            /**
             * Encodes the specified Vote message. Does not implicitly {@link consensus.v1.Vote.verify|verify} messages.
             * @param message Vote message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: consensus.v1.Vote.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Vote message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {consensus.v1.Vote & consensus.v1.Vote.$Shape} Vote
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): consensus.v1.Vote & consensus.v1.Vote.$Shape;
        }

        namespace Vote {

            /** Properties of a Vote. */
            interface $Properties {

                /** Vote voteId */
                voteId?: (number|null);

                /** Vote voteOwner */
                voteOwner?: (Uint8Array|null);

                /** Vote proposalId */
                proposalId?: (number|null);

                /** Vote timestamp */
                timestamp?: (number|Long|null);

                /** Vote vote */
                vote?: (boolean|null);

                /** Vote parentHash */
                parentHash?: (Uint8Array|null);

                /** Vote receivedHash */
                receivedHash?: (Uint8Array|null);

                /** Vote voteHash */
                voteHash?: (Uint8Array|null);

                /** Vote signature */
                signature?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Vote. */
            type $Shape = consensus.v1.Vote.$Properties;
        }
    }
}

/** Namespace de_mls. */
export namespace de_mls {

    /** Namespace messages. */
    namespace messages {

        /** Namespace v1. */
        namespace v1 {

            /**
             * Properties of an AppMessage.
             * @deprecated Use de_mls.messages.v1.AppMessage.$Properties instead.
             */
            interface IAppMessage extends de_mls.messages.v1.AppMessage.$Properties {
            }

            /** Represents an AppMessage. */
            class AppMessage {

                /**
                 * Constructs a new AppMessage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.AppMessage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** AppMessage conversationMessage. */
                conversationMessage?: (de_mls.messages.v1.ConversationMessage.$Properties|null);

                /** AppMessage banRequest. */
                banRequest?: (de_mls.messages.v1.BanRequest.$Properties|null);

                /** AppMessage proposal. */
                proposal?: (consensus.v1.Proposal.$Properties|null);

                /** AppMessage vote. */
                vote?: (consensus.v1.Vote.$Properties|null);

                /** AppMessage votePayload. */
                votePayload?: (de_mls.messages.v1.VotePayload.$Properties|null);

                /** AppMessage userVote. */
                userVote?: (de_mls.messages.v1.UserVote.$Properties|null);

                /** AppMessage proposalAdded. */
                proposalAdded?: (de_mls.messages.v1.ProposalAdded.$Properties|null);

                /** AppMessage commitCandidate. */
                commitCandidate?: (de_mls.messages.v1.CommitCandidate.$Properties|null);

                /** AppMessage conversationSync. */
                conversationSync?: (de_mls.messages.v1.ConversationSync.$Properties|null);

                /** AppMessage unban. */
                unban?: (de_mls.messages.v1.Unban.$Properties|null);

                /** AppMessage invitationNotice. */
                invitationNotice?: (de_mls.messages.v1.InvitationNotice.$Properties|null);

                /** AppMessage memberConfirmation. */
                memberConfirmation?: (de_mls.messages.v1.MemberConfirmation.$Properties|null);

                /** AppMessage payload. */
                payload?: ("conversationMessage"|"banRequest"|"proposal"|"vote"|"votePayload"|"userVote"|"proposalAdded"|"commitCandidate"|"conversationSync"|"unban"|"invitationNotice"|"memberConfirmation");

                /**
                 * Encodes the specified AppMessage message. Does not implicitly {@link de_mls.messages.v1.AppMessage.verify|verify} messages.
                 * @param message AppMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.AppMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an AppMessage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.AppMessage & de_mls.messages.v1.AppMessage.$Shape} AppMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.AppMessage & de_mls.messages.v1.AppMessage.$Shape;
            }

            namespace AppMessage {

                /** Properties of an AppMessage. */
                interface $Properties {

                    /** AppMessage conversationMessage */
                    conversationMessage?: (de_mls.messages.v1.ConversationMessage.$Properties|null);

                    /** AppMessage banRequest */
                    banRequest?: (de_mls.messages.v1.BanRequest.$Properties|null);

                    /** AppMessage proposal */
                    proposal?: (consensus.v1.Proposal.$Properties|null);

                    /** AppMessage vote */
                    vote?: (consensus.v1.Vote.$Properties|null);

                    /** AppMessage votePayload */
                    votePayload?: (de_mls.messages.v1.VotePayload.$Properties|null);

                    /** AppMessage userVote */
                    userVote?: (de_mls.messages.v1.UserVote.$Properties|null);

                    /** AppMessage proposalAdded */
                    proposalAdded?: (de_mls.messages.v1.ProposalAdded.$Properties|null);

                    /** AppMessage commitCandidate */
                    commitCandidate?: (de_mls.messages.v1.CommitCandidate.$Properties|null);

                    /** AppMessage conversationSync */
                    conversationSync?: (de_mls.messages.v1.ConversationSync.$Properties|null);

                    /** AppMessage unban */
                    unban?: (de_mls.messages.v1.Unban.$Properties|null);

                    /** AppMessage invitationNotice */
                    invitationNotice?: (de_mls.messages.v1.InvitationNotice.$Properties|null);

                    /** AppMessage memberConfirmation */
                    memberConfirmation?: (de_mls.messages.v1.MemberConfirmation.$Properties|null);

                    /** AppMessage payload */
                    payload?: ("conversationMessage"|"banRequest"|"proposal"|"vote"|"votePayload"|"userVote"|"proposalAdded"|"commitCandidate"|"conversationSync"|"unban"|"invitationNotice"|"memberConfirmation");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of an AppMessage. */
                type $Shape = {
                  conversationMessage?: de_mls.messages.v1.ConversationMessage.$Shape|null;
                  banRequest?: de_mls.messages.v1.BanRequest.$Shape|null;
                  proposal?: consensus.v1.Proposal.$Shape|null;
                  vote?: consensus.v1.Vote.$Shape|null;
                  votePayload?: de_mls.messages.v1.VotePayload.$Shape|null;
                  userVote?: de_mls.messages.v1.UserVote.$Shape|null;
                  proposalAdded?: de_mls.messages.v1.ProposalAdded.$Shape|null;
                  commitCandidate?: de_mls.messages.v1.CommitCandidate.$Shape|null;
                  conversationSync?: de_mls.messages.v1.ConversationSync.$Shape|null;
                  unban?: de_mls.messages.v1.Unban.$Shape|null;
                  invitationNotice?: de_mls.messages.v1.InvitationNotice.$Shape|null;
                  memberConfirmation?: de_mls.messages.v1.MemberConfirmation.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ payload?: undefined; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "conversationMessage"; conversationMessage: de_mls.messages.v1.ConversationMessage.$Shape; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "banRequest"; conversationMessage?: null; banRequest: de_mls.messages.v1.BanRequest.$Shape; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "proposal"; conversationMessage?: null; banRequest?: null; proposal: consensus.v1.Proposal.$Shape; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "vote"; conversationMessage?: null; banRequest?: null; proposal?: null; vote: consensus.v1.Vote.$Shape; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "votePayload"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload: de_mls.messages.v1.VotePayload.$Shape; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "userVote"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote: de_mls.messages.v1.UserVote.$Shape; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "proposalAdded"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded: de_mls.messages.v1.ProposalAdded.$Shape; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "commitCandidate"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate: de_mls.messages.v1.CommitCandidate.$Shape; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "conversationSync"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync: de_mls.messages.v1.ConversationSync.$Shape; unban?: null; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "unban"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban: de_mls.messages.v1.Unban.$Shape; invitationNotice?: null; memberConfirmation?: null }|{ payload?: "invitationNotice"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice: de_mls.messages.v1.InvitationNotice.$Shape; memberConfirmation?: null }|{ payload?: "memberConfirmation"; conversationMessage?: null; banRequest?: null; proposal?: null; vote?: null; votePayload?: null; userVote?: null; proposalAdded?: null; commitCandidate?: null; conversationSync?: null; unban?: null; invitationNotice?: null; memberConfirmation: de_mls.messages.v1.MemberConfirmation.$Shape })
                );
            }

            /**
             * Properties of a ConversationMessage.
             * @deprecated Use de_mls.messages.v1.ConversationMessage.$Properties instead.
             */
            interface IConversationMessage extends de_mls.messages.v1.ConversationMessage.$Properties {
            }

            /** Represents a ConversationMessage. */
            class ConversationMessage {

                /**
                 * Constructs a new ConversationMessage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ConversationMessage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ConversationMessage message. */
                message: Uint8Array;

                /** ConversationMessage sender. */
                sender: string;

                /** ConversationMessage conversationName. */
                conversationName: string;

                /** ConversationMessage id. */
                id: Uint8Array;

                /** ConversationMessage sentAtMs. */
                sentAtMs: (number|Long);

                /**
                 * Encodes the specified ConversationMessage message. Does not implicitly {@link de_mls.messages.v1.ConversationMessage.verify|verify} messages.
                 * @param message ConversationMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ConversationMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ConversationMessage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ConversationMessage & de_mls.messages.v1.ConversationMessage.$Shape} ConversationMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ConversationMessage & de_mls.messages.v1.ConversationMessage.$Shape;
            }

            namespace ConversationMessage {

                /** Properties of a ConversationMessage. */
                interface $Properties {

                    /** ConversationMessage message */
                    message?: (Uint8Array|null);

                    /** ConversationMessage sender */
                    sender?: (string|null);

                    /** ConversationMessage conversationName */
                    conversationName?: (string|null);

                    /** ConversationMessage id */
                    id?: (Uint8Array|null);

                    /** ConversationMessage sentAtMs */
                    sentAtMs?: (number|Long|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ConversationMessage. */
                type $Shape = de_mls.messages.v1.ConversationMessage.$Properties;
            }

            /**
             * Properties of a BanRequest.
             * @deprecated Use de_mls.messages.v1.BanRequest.$Properties instead.
             */
            interface IBanRequest extends de_mls.messages.v1.BanRequest.$Properties {
            }

            /** Represents a BanRequest. */
            class BanRequest {

                /**
                 * Constructs a new BanRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.BanRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** BanRequest userToBan. */
                userToBan: Uint8Array;

                /** BanRequest conversationName. */
                conversationName: string;

                /**
                 * Encodes the specified BanRequest message. Does not implicitly {@link de_mls.messages.v1.BanRequest.verify|verify} messages.
                 * @param message BanRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.BanRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a BanRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.BanRequest & de_mls.messages.v1.BanRequest.$Shape} BanRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.BanRequest & de_mls.messages.v1.BanRequest.$Shape;
            }

            namespace BanRequest {

                /** Properties of a BanRequest. */
                interface $Properties {

                    /** BanRequest userToBan */
                    userToBan?: (Uint8Array|null);

                    /** BanRequest conversationName */
                    conversationName?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a BanRequest. */
                type $Shape = de_mls.messages.v1.BanRequest.$Properties;
            }

            /**
             * Properties of an Unban.
             * @deprecated Use de_mls.messages.v1.Unban.$Properties instead.
             */
            interface IUnban extends de_mls.messages.v1.Unban.$Properties {
            }

            /** Represents an Unban. */
            class Unban {

                /**
                 * Constructs a new Unban.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.Unban.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Unban member. */
                member: Uint8Array;

                /**
                 * Encodes the specified Unban message. Does not implicitly {@link de_mls.messages.v1.Unban.verify|verify} messages.
                 * @param message Unban message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.Unban.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an Unban message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.Unban & de_mls.messages.v1.Unban.$Shape} Unban
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.Unban & de_mls.messages.v1.Unban.$Shape;
            }

            namespace Unban {

                /** Properties of an Unban. */
                interface $Properties {

                    /** Unban member */
                    member?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an Unban. */
                type $Shape = de_mls.messages.v1.Unban.$Properties;
            }

            /**
             * Properties of an InvitationNotice.
             * @deprecated Use de_mls.messages.v1.InvitationNotice.$Properties instead.
             */
            interface IInvitationNotice extends de_mls.messages.v1.InvitationNotice.$Properties {
            }

            /** Represents an InvitationNotice. */
            class InvitationNotice {

                /**
                 * Constructs a new InvitationNotice.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.InvitationNotice.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** InvitationNotice id. */
                id: Uint8Array;

                /** InvitationNotice expiresAt. */
                expiresAt: (number|Long);

                /** InvitationNotice revoked. */
                revoked: boolean;

                /** InvitationNotice memberKey. */
                memberKey: Uint8Array;

                /** InvitationNotice deputies. */
                deputies: Uint8Array;

                /**
                 * Encodes the specified InvitationNotice message. Does not implicitly {@link de_mls.messages.v1.InvitationNotice.verify|verify} messages.
                 * @param message InvitationNotice message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.InvitationNotice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an InvitationNotice message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.InvitationNotice & de_mls.messages.v1.InvitationNotice.$Shape} InvitationNotice
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.InvitationNotice & de_mls.messages.v1.InvitationNotice.$Shape;
            }

            namespace InvitationNotice {

                /** Properties of an InvitationNotice. */
                interface $Properties {

                    /** InvitationNotice id */
                    id?: (Uint8Array|null);

                    /** InvitationNotice expiresAt */
                    expiresAt?: (number|Long|null);

                    /** InvitationNotice revoked */
                    revoked?: (boolean|null);

                    /** InvitationNotice memberKey */
                    memberKey?: (Uint8Array|null);

                    /** InvitationNotice deputies */
                    deputies?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an InvitationNotice. */
                type $Shape = de_mls.messages.v1.InvitationNotice.$Properties;
            }

            /**
             * Properties of a MemberConfirmation.
             * @deprecated Use de_mls.messages.v1.MemberConfirmation.$Properties instead.
             */
            interface IMemberConfirmation extends de_mls.messages.v1.MemberConfirmation.$Properties {
            }

            /** Represents a MemberConfirmation. */
            class MemberConfirmation {

                /**
                 * Constructs a new MemberConfirmation.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.MemberConfirmation.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** MemberConfirmation member. */
                member: Uint8Array;

                /**
                 * Encodes the specified MemberConfirmation message. Does not implicitly {@link de_mls.messages.v1.MemberConfirmation.verify|verify} messages.
                 * @param message MemberConfirmation message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.MemberConfirmation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a MemberConfirmation message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.MemberConfirmation & de_mls.messages.v1.MemberConfirmation.$Shape} MemberConfirmation
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.MemberConfirmation & de_mls.messages.v1.MemberConfirmation.$Shape;
            }

            namespace MemberConfirmation {

                /** Properties of a MemberConfirmation. */
                interface $Properties {

                    /** MemberConfirmation member */
                    member?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a MemberConfirmation. */
                type $Shape = de_mls.messages.v1.MemberConfirmation.$Properties;
            }

            /**
             * Properties of a VotePayload.
             * @deprecated Use de_mls.messages.v1.VotePayload.$Properties instead.
             */
            interface IVotePayload extends de_mls.messages.v1.VotePayload.$Properties {
            }

            /** Represents a VotePayload. */
            class VotePayload {

                /**
                 * Constructs a new VotePayload.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.VotePayload.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** VotePayload conversationId. */
                conversationId: string;

                /** VotePayload proposalId. */
                proposalId: number;

                /** VotePayload payload. */
                payload: Uint8Array;

                /** VotePayload timestamp. */
                timestamp: (number|Long);

                /**
                 * Encodes the specified VotePayload message. Does not implicitly {@link de_mls.messages.v1.VotePayload.verify|verify} messages.
                 * @param message VotePayload message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.VotePayload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a VotePayload message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.VotePayload & de_mls.messages.v1.VotePayload.$Shape} VotePayload
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.VotePayload & de_mls.messages.v1.VotePayload.$Shape;
            }

            namespace VotePayload {

                /** Properties of a VotePayload. */
                interface $Properties {

                    /** VotePayload conversationId */
                    conversationId?: (string|null);

                    /** VotePayload proposalId */
                    proposalId?: (number|null);

                    /** VotePayload payload */
                    payload?: (Uint8Array|null);

                    /** VotePayload timestamp */
                    timestamp?: (number|Long|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a VotePayload. */
                type $Shape = de_mls.messages.v1.VotePayload.$Properties;
            }

            /**
             * Properties of a UserVote.
             * @deprecated Use de_mls.messages.v1.UserVote.$Properties instead.
             */
            interface IUserVote extends de_mls.messages.v1.UserVote.$Properties {
            }

            /** Represents a UserVote. */
            class UserVote {

                /**
                 * Constructs a new UserVote.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.UserVote.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** UserVote proposalId. */
                proposalId: number;

                /** UserVote vote. */
                vote: boolean;

                /** UserVote conversationName. */
                conversationName: string;

                /**
                 * Encodes the specified UserVote message. Does not implicitly {@link de_mls.messages.v1.UserVote.verify|verify} messages.
                 * @param message UserVote message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.UserVote.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a UserVote message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.UserVote & de_mls.messages.v1.UserVote.$Shape} UserVote
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.UserVote & de_mls.messages.v1.UserVote.$Shape;
            }

            namespace UserVote {

                /** Properties of a UserVote. */
                interface $Properties {

                    /** UserVote proposalId */
                    proposalId?: (number|null);

                    /** UserVote vote */
                    vote?: (boolean|null);

                    /** UserVote conversationName */
                    conversationName?: (string|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a UserVote. */
                type $Shape = de_mls.messages.v1.UserVote.$Properties;
            }

            /**
             * Properties of a ProposalAdded.
             * @deprecated Use de_mls.messages.v1.ProposalAdded.$Properties instead.
             */
            interface IProposalAdded extends de_mls.messages.v1.ProposalAdded.$Properties {
            }

            /** Represents a ProposalAdded. */
            class ProposalAdded {

                /**
                 * Constructs a new ProposalAdded.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ProposalAdded.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ProposalAdded conversationId. */
                conversationId: string;

                /** ProposalAdded request. */
                request?: (de_mls.messages.v1.ConversationUpdateRequest.$Properties|null);

                /**
                 * Encodes the specified ProposalAdded message. Does not implicitly {@link de_mls.messages.v1.ProposalAdded.verify|verify} messages.
                 * @param message ProposalAdded message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ProposalAdded.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ProposalAdded message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ProposalAdded & de_mls.messages.v1.ProposalAdded.$Shape} ProposalAdded
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ProposalAdded & de_mls.messages.v1.ProposalAdded.$Shape;
            }

            namespace ProposalAdded {

                /** Properties of a ProposalAdded. */
                interface $Properties {

                    /** ProposalAdded conversationId */
                    conversationId?: (string|null);

                    /** ProposalAdded request */
                    request?: (de_mls.messages.v1.ConversationUpdateRequest.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ProposalAdded. */
                type $Shape = {
                  conversationId?: string|null;
                  request?: de_mls.messages.v1.ConversationUpdateRequest.$Shape|null;
                  $unknowns?: Uint8Array[];
                };
            }

            /**
             * Properties of a CommitCandidate.
             * @deprecated Use de_mls.messages.v1.CommitCandidate.$Properties instead.
             */
            interface ICommitCandidate extends de_mls.messages.v1.CommitCandidate.$Properties {
            }

            /** Represents a CommitCandidate. */
            class CommitCandidate {

                /**
                 * Constructs a new CommitCandidate.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.CommitCandidate.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** CommitCandidate conversationName. */
                conversationName: Uint8Array;

                /** CommitCandidate mlsProposals. */
                mlsProposals: Uint8Array[];

                /** CommitCandidate commitMessage. */
                commitMessage: Uint8Array;

                /** CommitCandidate stewardIdentity. */
                stewardIdentity: Uint8Array;

                /**
                 * Encodes the specified CommitCandidate message. Does not implicitly {@link de_mls.messages.v1.CommitCandidate.verify|verify} messages.
                 * @param message CommitCandidate message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.CommitCandidate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a CommitCandidate message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.CommitCandidate & de_mls.messages.v1.CommitCandidate.$Shape} CommitCandidate
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.CommitCandidate & de_mls.messages.v1.CommitCandidate.$Shape;
            }

            namespace CommitCandidate {

                /** Properties of a CommitCandidate. */
                interface $Properties {

                    /** CommitCandidate conversationName */
                    conversationName?: (Uint8Array|null);

                    /** CommitCandidate mlsProposals */
                    mlsProposals?: (Uint8Array[]|null);

                    /** CommitCandidate commitMessage */
                    commitMessage?: (Uint8Array|null);

                    /** CommitCandidate stewardIdentity */
                    stewardIdentity?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a CommitCandidate. */
                type $Shape = de_mls.messages.v1.CommitCandidate.$Properties;
            }

            /**
             * Properties of a ConversationUpdateRequest.
             * @deprecated Use de_mls.messages.v1.ConversationUpdateRequest.$Properties instead.
             */
            interface IConversationUpdateRequest extends de_mls.messages.v1.ConversationUpdateRequest.$Properties {
            }

            /** Represents a ConversationUpdateRequest. */
            class ConversationUpdateRequest {

                /**
                 * Constructs a new ConversationUpdateRequest.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ConversationUpdateRequest.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ConversationUpdateRequest inviteMember. */
                inviteMember?: (de_mls.messages.v1.InviteMember.$Properties|null);

                /** ConversationUpdateRequest removeMember. */
                removeMember?: (de_mls.messages.v1.RemoveMember.$Properties|null);

                /** ConversationUpdateRequest emergencyCriteria. */
                emergencyCriteria?: (de_mls.messages.v1.EmergencyCriteriaProposal.$Properties|null);

                /** ConversationUpdateRequest stewardElection. */
                stewardElection?: (de_mls.messages.v1.StewardElectionProposal.$Properties|null);

                /** ConversationUpdateRequest payload. */
                payload?: ("inviteMember"|"removeMember"|"emergencyCriteria"|"stewardElection");

                /**
                 * Encodes the specified ConversationUpdateRequest message. Does not implicitly {@link de_mls.messages.v1.ConversationUpdateRequest.verify|verify} messages.
                 * @param message ConversationUpdateRequest message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ConversationUpdateRequest.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ConversationUpdateRequest message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ConversationUpdateRequest & de_mls.messages.v1.ConversationUpdateRequest.$Shape} ConversationUpdateRequest
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ConversationUpdateRequest & de_mls.messages.v1.ConversationUpdateRequest.$Shape;
            }

            namespace ConversationUpdateRequest {

                /** Properties of a ConversationUpdateRequest. */
                interface $Properties {

                    /** ConversationUpdateRequest inviteMember */
                    inviteMember?: (de_mls.messages.v1.InviteMember.$Properties|null);

                    /** ConversationUpdateRequest removeMember */
                    removeMember?: (de_mls.messages.v1.RemoveMember.$Properties|null);

                    /** ConversationUpdateRequest emergencyCriteria */
                    emergencyCriteria?: (de_mls.messages.v1.EmergencyCriteriaProposal.$Properties|null);

                    /** ConversationUpdateRequest stewardElection */
                    stewardElection?: (de_mls.messages.v1.StewardElectionProposal.$Properties|null);

                    /** ConversationUpdateRequest payload */
                    payload?: ("inviteMember"|"removeMember"|"emergencyCriteria"|"stewardElection");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a ConversationUpdateRequest. */
                type $Shape = {
                  inviteMember?: de_mls.messages.v1.InviteMember.$Shape|null;
                  removeMember?: de_mls.messages.v1.RemoveMember.$Shape|null;
                  emergencyCriteria?: de_mls.messages.v1.EmergencyCriteriaProposal.$Shape|null;
                  stewardElection?: de_mls.messages.v1.StewardElectionProposal.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ payload?: undefined; inviteMember?: null; removeMember?: null; emergencyCriteria?: null; stewardElection?: null }|{ payload?: "inviteMember"; inviteMember: de_mls.messages.v1.InviteMember.$Shape; removeMember?: null; emergencyCriteria?: null; stewardElection?: null }|{ payload?: "removeMember"; inviteMember?: null; removeMember: de_mls.messages.v1.RemoveMember.$Shape; emergencyCriteria?: null; stewardElection?: null }|{ payload?: "emergencyCriteria"; inviteMember?: null; removeMember?: null; emergencyCriteria: de_mls.messages.v1.EmergencyCriteriaProposal.$Shape; stewardElection?: null }|{ payload?: "stewardElection"; inviteMember?: null; removeMember?: null; emergencyCriteria?: null; stewardElection: de_mls.messages.v1.StewardElectionProposal.$Shape })
                );
            }

            /**
             * Properties of an InviteMember.
             * @deprecated Use de_mls.messages.v1.InviteMember.$Properties instead.
             */
            interface IInviteMember extends de_mls.messages.v1.InviteMember.$Properties {
            }

            /** Represents an InviteMember. */
            class InviteMember {

                /**
                 * Constructs a new InviteMember.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.InviteMember.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** InviteMember keyPackageBytes. */
                keyPackageBytes: Uint8Array;

                /** InviteMember identity. */
                identity: Uint8Array;

                /** InviteMember redemption. */
                redemption: Uint8Array;

                /**
                 * Encodes the specified InviteMember message. Does not implicitly {@link de_mls.messages.v1.InviteMember.verify|verify} messages.
                 * @param message InviteMember message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.InviteMember.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an InviteMember message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.InviteMember & de_mls.messages.v1.InviteMember.$Shape} InviteMember
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.InviteMember & de_mls.messages.v1.InviteMember.$Shape;
            }

            namespace InviteMember {

                /** Properties of an InviteMember. */
                interface $Properties {

                    /** InviteMember keyPackageBytes */
                    keyPackageBytes?: (Uint8Array|null);

                    /** InviteMember identity */
                    identity?: (Uint8Array|null);

                    /** InviteMember redemption */
                    redemption?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an InviteMember. */
                type $Shape = de_mls.messages.v1.InviteMember.$Properties;
            }

            /**
             * Properties of a RemoveMember.
             * @deprecated Use de_mls.messages.v1.RemoveMember.$Properties instead.
             */
            interface IRemoveMember extends de_mls.messages.v1.RemoveMember.$Properties {
            }

            /** Represents a RemoveMember. */
            class RemoveMember {

                /**
                 * Constructs a new RemoveMember.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.RemoveMember.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RemoveMember identity. */
                identity: Uint8Array;

                /**
                 * Encodes the specified RemoveMember message. Does not implicitly {@link de_mls.messages.v1.RemoveMember.verify|verify} messages.
                 * @param message RemoveMember message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.RemoveMember.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RemoveMember message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.RemoveMember & de_mls.messages.v1.RemoveMember.$Shape} RemoveMember
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.RemoveMember & de_mls.messages.v1.RemoveMember.$Shape;
            }

            namespace RemoveMember {

                /** Properties of a RemoveMember. */
                interface $Properties {

                    /** RemoveMember identity */
                    identity?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RemoveMember. */
                type $Shape = de_mls.messages.v1.RemoveMember.$Properties;
            }

            /**
             * Properties of an EmergencyCriteriaProposal.
             * @deprecated Use de_mls.messages.v1.EmergencyCriteriaProposal.$Properties instead.
             */
            interface IEmergencyCriteriaProposal extends de_mls.messages.v1.EmergencyCriteriaProposal.$Properties {
            }

            /** Represents an EmergencyCriteriaProposal. */
            class EmergencyCriteriaProposal {

                /**
                 * Constructs a new EmergencyCriteriaProposal.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.EmergencyCriteriaProposal.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EmergencyCriteriaProposal evidence. */
                evidence?: (de_mls.messages.v1.ViolationEvidence.$Properties|null);

                /**
                 * Encodes the specified EmergencyCriteriaProposal message. Does not implicitly {@link de_mls.messages.v1.EmergencyCriteriaProposal.verify|verify} messages.
                 * @param message EmergencyCriteriaProposal message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.EmergencyCriteriaProposal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EmergencyCriteriaProposal message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.EmergencyCriteriaProposal & de_mls.messages.v1.EmergencyCriteriaProposal.$Shape} EmergencyCriteriaProposal
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.EmergencyCriteriaProposal & de_mls.messages.v1.EmergencyCriteriaProposal.$Shape;
            }

            namespace EmergencyCriteriaProposal {

                /** Properties of an EmergencyCriteriaProposal. */
                interface $Properties {

                    /** EmergencyCriteriaProposal evidence */
                    evidence?: (de_mls.messages.v1.ViolationEvidence.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EmergencyCriteriaProposal. */
                type $Shape = de_mls.messages.v1.EmergencyCriteriaProposal.$Properties;
            }

            /**
             * Properties of a ViolationEvidence.
             * @deprecated Use de_mls.messages.v1.ViolationEvidence.$Properties instead.
             */
            interface IViolationEvidence extends de_mls.messages.v1.ViolationEvidence.$Properties {
            }

            /** Represents a ViolationEvidence. */
            class ViolationEvidence {

                /**
                 * Constructs a new ViolationEvidence.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ViolationEvidence.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ViolationEvidence violationType. */
                violationType: de_mls.messages.v1.ViolationType;

                /** ViolationEvidence targetMemberId. */
                targetMemberId: Uint8Array;

                /** ViolationEvidence evidencePayload. */
                evidencePayload: Uint8Array;

                /** ViolationEvidence epoch. */
                epoch: (number|Long);

                /** ViolationEvidence creatorMemberId. */
                creatorMemberId: Uint8Array;

                /**
                 * Encodes the specified ViolationEvidence message. Does not implicitly {@link de_mls.messages.v1.ViolationEvidence.verify|verify} messages.
                 * @param message ViolationEvidence message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ViolationEvidence.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ViolationEvidence message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ViolationEvidence & de_mls.messages.v1.ViolationEvidence.$Shape} ViolationEvidence
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ViolationEvidence & de_mls.messages.v1.ViolationEvidence.$Shape;
            }

            namespace ViolationEvidence {

                /** Properties of a ViolationEvidence. */
                interface $Properties {

                    /** ViolationEvidence violationType */
                    violationType?: (de_mls.messages.v1.ViolationType|null);

                    /** ViolationEvidence targetMemberId */
                    targetMemberId?: (Uint8Array|null);

                    /** ViolationEvidence evidencePayload */
                    evidencePayload?: (Uint8Array|null);

                    /** ViolationEvidence epoch */
                    epoch?: (number|Long|null);

                    /** ViolationEvidence creatorMemberId */
                    creatorMemberId?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ViolationEvidence. */
                type $Shape = de_mls.messages.v1.ViolationEvidence.$Properties;
            }

            /** ViolationType enum. */
            enum ViolationType {

                /** VIOLATION_UNSPECIFIED value */
                VIOLATION_UNSPECIFIED = 0,

                /** BROKEN_COMMIT value */
                BROKEN_COMMIT = 1,

                /** BROKEN_MLS_PROPOSAL value */
                BROKEN_MLS_PROPOSAL = 2,

                /** CENSORSHIP_INACTIVITY value */
                CENSORSHIP_INACTIVITY = 3,

                /** SCORE_BELOW_THRESHOLD value */
                SCORE_BELOW_THRESHOLD = 4,

                /** DEADLOCK value */
                DEADLOCK = 5
            }

            /**
             * Properties of a StewardElectionProposal.
             * @deprecated Use de_mls.messages.v1.StewardElectionProposal.$Properties instead.
             */
            interface IStewardElectionProposal extends de_mls.messages.v1.StewardElectionProposal.$Properties {
            }

            /** Represents a StewardElectionProposal. */
            class StewardElectionProposal {

                /**
                 * Constructs a new StewardElectionProposal.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.StewardElectionProposal.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** StewardElectionProposal proposedStewards. */
                proposedStewards: Uint8Array[];

                /** StewardElectionProposal electionEpoch. */
                electionEpoch: (number|Long);

                /** StewardElectionProposal retryRound. */
                retryRound: number;

                /**
                 * Encodes the specified StewardElectionProposal message. Does not implicitly {@link de_mls.messages.v1.StewardElectionProposal.verify|verify} messages.
                 * @param message StewardElectionProposal message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.StewardElectionProposal.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a StewardElectionProposal message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.StewardElectionProposal & de_mls.messages.v1.StewardElectionProposal.$Shape} StewardElectionProposal
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.StewardElectionProposal & de_mls.messages.v1.StewardElectionProposal.$Shape;
            }

            namespace StewardElectionProposal {

                /** Properties of a StewardElectionProposal. */
                interface $Properties {

                    /** StewardElectionProposal proposedStewards */
                    proposedStewards?: (Uint8Array[]|null);

                    /** StewardElectionProposal electionEpoch */
                    electionEpoch?: (number|Long|null);

                    /** StewardElectionProposal retryRound */
                    retryRound?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a StewardElectionProposal. */
                type $Shape = de_mls.messages.v1.StewardElectionProposal.$Properties;
            }

            /**
             * Properties of a ConversationSync.
             * @deprecated Use de_mls.messages.v1.ConversationSync.$Properties instead.
             */
            interface IConversationSync extends de_mls.messages.v1.ConversationSync.$Properties {
            }

            /** Represents a ConversationSync. */
            class ConversationSync {

                /**
                 * Constructs a new ConversationSync.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ConversationSync.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ConversationSync stewardMembers. */
                stewardMembers: Uint8Array[];

                /** ConversationSync electionEpoch. */
                electionEpoch: (number|Long);

                /** ConversationSync snMin. */
                snMin: number;

                /** ConversationSync snMax. */
                snMax: number;

                /** ConversationSync allowSubsetCandidates. */
                allowSubsetCandidates: boolean;

                /** ConversationSync peerScores. */
                peerScores: de_mls.messages.v1.PeerScore.$Properties[];

                /** ConversationSync timing. */
                timing?: (de_mls.messages.v1.TimingConfig.$Properties|null);

                /** ConversationSync retryRound. */
                retryRound: number;

                /** ConversationSync maxReelectionAttempts. */
                maxReelectionAttempts: number;

                /** ConversationSync livenessCriteriaYes. */
                livenessCriteriaYes: boolean;

                /** ConversationSync thresholdPeerScore. */
                thresholdPeerScore: (number|Long);

                /** ConversationSync pendingUpdateMaxEpochs. */
                pendingUpdateMaxEpochs: number;

                /** ConversationSync approvedChanges. */
                approvedChanges: consensus.v1.Proposal.$Properties[];

                /** ConversationSync openVotes. */
                openVotes: consensus.v1.Proposal.$Properties[];

                /** ConversationSync spentKeyPackages. */
                spentKeyPackages: Uint8Array[];

                /** ConversationSync recovery. */
                recovery: boolean;

                /** ConversationSync banMemory. */
                banMemory?: (de_mls.messages.v1.BanMemory.$Properties|null);

                /** ConversationSync invitations. */
                invitations: de_mls.messages.v1.InvitationState.$Properties[];

                /** ConversationSync stewardSeed. */
                stewardSeed: Uint8Array;

                /** ConversationSync newcomers. */
                newcomers?: (de_mls.messages.v1.Newcomers.$Properties|null);

                /**
                 * Encodes the specified ConversationSync message. Does not implicitly {@link de_mls.messages.v1.ConversationSync.verify|verify} messages.
                 * @param message ConversationSync message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ConversationSync.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ConversationSync message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ConversationSync & de_mls.messages.v1.ConversationSync.$Shape} ConversationSync
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ConversationSync & de_mls.messages.v1.ConversationSync.$Shape;
            }

            namespace ConversationSync {

                /** Properties of a ConversationSync. */
                interface $Properties {

                    /** ConversationSync stewardMembers */
                    stewardMembers?: (Uint8Array[]|null);

                    /** ConversationSync electionEpoch */
                    electionEpoch?: (number|Long|null);

                    /** ConversationSync snMin */
                    snMin?: (number|null);

                    /** ConversationSync snMax */
                    snMax?: (number|null);

                    /** ConversationSync allowSubsetCandidates */
                    allowSubsetCandidates?: (boolean|null);

                    /** ConversationSync peerScores */
                    peerScores?: (de_mls.messages.v1.PeerScore.$Properties[]|null);

                    /** ConversationSync timing */
                    timing?: (de_mls.messages.v1.TimingConfig.$Properties|null);

                    /** ConversationSync retryRound */
                    retryRound?: (number|null);

                    /** ConversationSync maxReelectionAttempts */
                    maxReelectionAttempts?: (number|null);

                    /** ConversationSync livenessCriteriaYes */
                    livenessCriteriaYes?: (boolean|null);

                    /** ConversationSync thresholdPeerScore */
                    thresholdPeerScore?: (number|Long|null);

                    /** ConversationSync pendingUpdateMaxEpochs */
                    pendingUpdateMaxEpochs?: (number|null);

                    /** ConversationSync approvedChanges */
                    approvedChanges?: (consensus.v1.Proposal.$Properties[]|null);

                    /** ConversationSync openVotes */
                    openVotes?: (consensus.v1.Proposal.$Properties[]|null);

                    /** ConversationSync spentKeyPackages */
                    spentKeyPackages?: (Uint8Array[]|null);

                    /** ConversationSync recovery */
                    recovery?: (boolean|null);

                    /** ConversationSync banMemory */
                    banMemory?: (de_mls.messages.v1.BanMemory.$Properties|null);

                    /** ConversationSync invitations */
                    invitations?: (de_mls.messages.v1.InvitationState.$Properties[]|null);

                    /** ConversationSync stewardSeed */
                    stewardSeed?: (Uint8Array|null);

                    /** ConversationSync newcomers */
                    newcomers?: (de_mls.messages.v1.Newcomers.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ConversationSync. */
                type $Shape = de_mls.messages.v1.ConversationSync.$Properties;
            }

            /**
             * Properties of a Newcomers.
             * @deprecated Use de_mls.messages.v1.Newcomers.$Properties instead.
             */
            interface INewcomers extends de_mls.messages.v1.Newcomers.$Properties {
            }

            /** Represents a Newcomers. */
            class Newcomers {

                /**
                 * Constructs a new Newcomers.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.Newcomers.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Newcomers probationMs. */
                probationMs: (number|Long);

                /** Newcomers guestShare. */
                guestShare: number;

                /** Newcomers arrivals. */
                arrivals: de_mls.messages.v1.Arrival.$Properties[];

                /**
                 * Encodes the specified Newcomers message. Does not implicitly {@link de_mls.messages.v1.Newcomers.verify|verify} messages.
                 * @param message Newcomers message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.Newcomers.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Newcomers message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.Newcomers & de_mls.messages.v1.Newcomers.$Shape} Newcomers
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.Newcomers & de_mls.messages.v1.Newcomers.$Shape;
            }

            namespace Newcomers {

                /** Properties of a Newcomers. */
                interface $Properties {

                    /** Newcomers probationMs */
                    probationMs?: (number|Long|null);

                    /** Newcomers guestShare */
                    guestShare?: (number|null);

                    /** Newcomers arrivals */
                    arrivals?: (de_mls.messages.v1.Arrival.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Newcomers. */
                type $Shape = de_mls.messages.v1.Newcomers.$Properties;
            }

            /**
             * Properties of an Arrival.
             * @deprecated Use de_mls.messages.v1.Arrival.$Properties instead.
             */
            interface IArrival extends de_mls.messages.v1.Arrival.$Properties {
            }

            /** Represents an Arrival. */
            class Arrival {

                /**
                 * Constructs a new Arrival.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.Arrival.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Arrival member. */
                member: Uint8Array;

                /** Arrival since. */
                since: (number|Long);

                /** Arrival sponsor. */
                sponsor: Uint8Array;

                /** Arrival invited. */
                invited: boolean;

                /** Arrival byHand. */
                byHand: boolean;

                /** Arrival confirmed. */
                confirmed: boolean;

                /**
                 * Encodes the specified Arrival message. Does not implicitly {@link de_mls.messages.v1.Arrival.verify|verify} messages.
                 * @param message Arrival message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.Arrival.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an Arrival message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.Arrival & de_mls.messages.v1.Arrival.$Shape} Arrival
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.Arrival & de_mls.messages.v1.Arrival.$Shape;
            }

            namespace Arrival {

                /** Properties of an Arrival. */
                interface $Properties {

                    /** Arrival member */
                    member?: (Uint8Array|null);

                    /** Arrival since */
                    since?: (number|Long|null);

                    /** Arrival sponsor */
                    sponsor?: (Uint8Array|null);

                    /** Arrival invited */
                    invited?: (boolean|null);

                    /** Arrival byHand */
                    byHand?: (boolean|null);

                    /** Arrival confirmed */
                    confirmed?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an Arrival. */
                type $Shape = de_mls.messages.v1.Arrival.$Properties;
            }

            /**
             * Properties of a BanMemory.
             * @deprecated Use de_mls.messages.v1.BanMemory.$Properties instead.
             */
            interface IBanMemory extends de_mls.messages.v1.BanMemory.$Properties {
            }

            /** Represents a BanMemory. */
            class BanMemory {

                /**
                 * Constructs a new BanMemory.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.BanMemory.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** BanMemory memoryMs. */
                memoryMs: (number|Long);

                /** BanMemory bans. */
                bans: de_mls.messages.v1.Ban.$Properties[];

                /**
                 * Encodes the specified BanMemory message. Does not implicitly {@link de_mls.messages.v1.BanMemory.verify|verify} messages.
                 * @param message BanMemory message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.BanMemory.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a BanMemory message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.BanMemory & de_mls.messages.v1.BanMemory.$Shape} BanMemory
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.BanMemory & de_mls.messages.v1.BanMemory.$Shape;
            }

            namespace BanMemory {

                /** Properties of a BanMemory. */
                interface $Properties {

                    /** BanMemory memoryMs */
                    memoryMs?: (number|Long|null);

                    /** BanMemory bans */
                    bans?: (de_mls.messages.v1.Ban.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a BanMemory. */
                type $Shape = de_mls.messages.v1.BanMemory.$Properties;
            }

            /**
             * Properties of a Ban.
             * @deprecated Use de_mls.messages.v1.Ban.$Properties instead.
             */
            interface IBan extends de_mls.messages.v1.Ban.$Properties {
            }

            /** Represents a Ban. */
            class Ban {

                /**
                 * Constructs a new Ban.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.Ban.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Ban member. */
                member: Uint8Array;

                /** Ban epoch. */
                epoch: (number|Long);

                /** Ban until. */
                until: (number|Long);

                /** Ban lifted. */
                lifted: boolean;

                /**
                 * Encodes the specified Ban message. Does not implicitly {@link de_mls.messages.v1.Ban.verify|verify} messages.
                 * @param message Ban message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.Ban.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Ban message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.Ban & de_mls.messages.v1.Ban.$Shape} Ban
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.Ban & de_mls.messages.v1.Ban.$Shape;
            }

            namespace Ban {

                /** Properties of a Ban. */
                interface $Properties {

                    /** Ban member */
                    member?: (Uint8Array|null);

                    /** Ban epoch */
                    epoch?: (number|Long|null);

                    /** Ban until */
                    until?: (number|Long|null);

                    /** Ban lifted */
                    lifted?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Ban. */
                type $Shape = de_mls.messages.v1.Ban.$Properties;
            }

            /**
             * Properties of an InvitationState.
             * @deprecated Use de_mls.messages.v1.InvitationState.$Properties instead.
             */
            interface IInvitationState extends de_mls.messages.v1.InvitationState.$Properties {
            }

            /** Represents an InvitationState. */
            class InvitationState {

                /**
                 * Constructs a new InvitationState.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.InvitationState.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** InvitationState inviter. */
                inviter: Uint8Array;

                /** InvitationState id. */
                id: Uint8Array;

                /** InvitationState expiresAt. */
                expiresAt: (number|Long);

                /** InvitationState uses. */
                uses: number;

                /** InvitationState revoked. */
                revoked: boolean;

                /** InvitationState memberKey. */
                memberKey: Uint8Array;

                /**
                 * Encodes the specified InvitationState message. Does not implicitly {@link de_mls.messages.v1.InvitationState.verify|verify} messages.
                 * @param message InvitationState message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.InvitationState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an InvitationState message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.InvitationState & de_mls.messages.v1.InvitationState.$Shape} InvitationState
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.InvitationState & de_mls.messages.v1.InvitationState.$Shape;
            }

            namespace InvitationState {

                /** Properties of an InvitationState. */
                interface $Properties {

                    /** InvitationState inviter */
                    inviter?: (Uint8Array|null);

                    /** InvitationState id */
                    id?: (Uint8Array|null);

                    /** InvitationState expiresAt */
                    expiresAt?: (number|Long|null);

                    /** InvitationState uses */
                    uses?: (number|null);

                    /** InvitationState revoked */
                    revoked?: (boolean|null);

                    /** InvitationState memberKey */
                    memberKey?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an InvitationState. */
                type $Shape = de_mls.messages.v1.InvitationState.$Properties;
            }

            /**
             * Properties of a PeerScore.
             * @deprecated Use de_mls.messages.v1.PeerScore.$Properties instead.
             */
            interface IPeerScore extends de_mls.messages.v1.PeerScore.$Properties {
            }

            /** Represents a PeerScore. */
            class PeerScore {

                /**
                 * Constructs a new PeerScore.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.PeerScore.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** PeerScore memberId. */
                memberId: Uint8Array;

                /** PeerScore score. */
                score: (number|Long);

                /**
                 * Encodes the specified PeerScore message. Does not implicitly {@link de_mls.messages.v1.PeerScore.verify|verify} messages.
                 * @param message PeerScore message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.PeerScore.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a PeerScore message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.PeerScore & de_mls.messages.v1.PeerScore.$Shape} PeerScore
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.PeerScore & de_mls.messages.v1.PeerScore.$Shape;
            }

            namespace PeerScore {

                /** Properties of a PeerScore. */
                interface $Properties {

                    /** PeerScore memberId */
                    memberId?: (Uint8Array|null);

                    /** PeerScore score */
                    score?: (number|Long|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a PeerScore. */
                type $Shape = de_mls.messages.v1.PeerScore.$Properties;
            }

            /**
             * Properties of a TimingConfig.
             * @deprecated Use de_mls.messages.v1.TimingConfig.$Properties instead.
             */
            interface ITimingConfig extends de_mls.messages.v1.TimingConfig.$Properties {
            }

            /** Represents a TimingConfig. */
            class TimingConfig {

                /**
                 * Constructs a new TimingConfig.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.TimingConfig.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** TimingConfig commitInactivityDurationMs. */
                commitInactivityDurationMs: (number|Long);

                /** TimingConfig freezeDurationMs. */
                freezeDurationMs: (number|Long);

                /** TimingConfig proposalExpirationMs. */
                proposalExpirationMs: (number|Long);

                /** TimingConfig consensusTimeoutMs. */
                consensusTimeoutMs: (number|Long);

                /** TimingConfig recoveryInactivityDurationMs. */
                recoveryInactivityDurationMs: (number|Long);

                /**
                 * Encodes the specified TimingConfig message. Does not implicitly {@link de_mls.messages.v1.TimingConfig.verify|verify} messages.
                 * @param message TimingConfig message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.TimingConfig.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a TimingConfig message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.TimingConfig & de_mls.messages.v1.TimingConfig.$Shape} TimingConfig
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.TimingConfig & de_mls.messages.v1.TimingConfig.$Shape;
            }

            namespace TimingConfig {

                /** Properties of a TimingConfig. */
                interface $Properties {

                    /** TimingConfig commitInactivityDurationMs */
                    commitInactivityDurationMs?: (number|Long|null);

                    /** TimingConfig freezeDurationMs */
                    freezeDurationMs?: (number|Long|null);

                    /** TimingConfig proposalExpirationMs */
                    proposalExpirationMs?: (number|Long|null);

                    /** TimingConfig consensusTimeoutMs */
                    consensusTimeoutMs?: (number|Long|null);

                    /** TimingConfig recoveryInactivityDurationMs */
                    recoveryInactivityDurationMs?: (number|Long|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a TimingConfig. */
                type $Shape = de_mls.messages.v1.TimingConfig.$Properties;
            }

            /** Outcome enum. */
            enum Outcome {

                /** OUTCOME_UNSPECIFIED value */
                OUTCOME_UNSPECIFIED = 0,

                /** OUTCOME_ACCEPTED value */
                OUTCOME_ACCEPTED = 1,

                /** OUTCOME_REJECTED value */
                OUTCOME_REJECTED = 2
            }

            /**
             * Properties of a SealedRecord.
             * @deprecated Use de_mls.messages.v1.SealedRecord.$Properties instead.
             */
            interface ISealedRecord extends de_mls.messages.v1.SealedRecord.$Properties {
            }

            /** Represents a SealedRecord. */
            class SealedRecord {

                /**
                 * Constructs a new SealedRecord.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.SealedRecord.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** SealedRecord nonce. */
                nonce: Uint8Array;

                /** SealedRecord sealed. */
                sealed: Uint8Array;

                /**
                 * Encodes the specified SealedRecord message. Does not implicitly {@link de_mls.messages.v1.SealedRecord.verify|verify} messages.
                 * @param message SealedRecord message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.SealedRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a SealedRecord message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.SealedRecord & de_mls.messages.v1.SealedRecord.$Shape} SealedRecord
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.SealedRecord & de_mls.messages.v1.SealedRecord.$Shape;
            }

            namespace SealedRecord {

                /** Properties of a SealedRecord. */
                interface $Properties {

                    /** SealedRecord nonce */
                    nonce?: (Uint8Array|null);

                    /** SealedRecord sealed */
                    sealed?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a SealedRecord. */
                type $Shape = de_mls.messages.v1.SealedRecord.$Properties;
            }

            /**
             * Properties of an EpochRecord.
             * @deprecated Use de_mls.messages.v1.EpochRecord.$Properties instead.
             */
            interface IEpochRecord extends de_mls.messages.v1.EpochRecord.$Properties {
            }

            /** Represents an EpochRecord. */
            class EpochRecord {

                /**
                 * Constructs a new EpochRecord.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.EpochRecord.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** EpochRecord state. */
                state?: (de_mls.messages.v1.ConversationSync.$Properties|null);

                /** EpochRecord results. */
                results: de_mls.messages.v1.ProposalResult.$Properties[];

                /** EpochRecord known. */
                known: number[];

                /** EpochRecord silentSteward. */
                silentSteward: Uint8Array;

                /**
                 * Encodes the specified EpochRecord message. Does not implicitly {@link de_mls.messages.v1.EpochRecord.verify|verify} messages.
                 * @param message EpochRecord message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.EpochRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an EpochRecord message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.EpochRecord & de_mls.messages.v1.EpochRecord.$Shape} EpochRecord
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.EpochRecord & de_mls.messages.v1.EpochRecord.$Shape;
            }

            namespace EpochRecord {

                /** Properties of an EpochRecord. */
                interface $Properties {

                    /** EpochRecord state */
                    state?: (de_mls.messages.v1.ConversationSync.$Properties|null);

                    /** EpochRecord results */
                    results?: (de_mls.messages.v1.ProposalResult.$Properties[]|null);

                    /** EpochRecord known */
                    known?: (number[]|null);

                    /** EpochRecord silentSteward */
                    silentSteward?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an EpochRecord. */
                type $Shape = de_mls.messages.v1.EpochRecord.$Properties;
            }

            /**
             * Properties of a ProposalResult.
             * @deprecated Use de_mls.messages.v1.ProposalResult.$Properties instead.
             */
            interface IProposalResult extends de_mls.messages.v1.ProposalResult.$Properties {
            }

            /** Represents a ProposalResult. */
            class ProposalResult {

                /**
                 * Constructs a new ProposalResult.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ProposalResult.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ProposalResult proposalId. */
                proposalId: number;

                /** ProposalResult approved. */
                approved: boolean;

                /**
                 * Encodes the specified ProposalResult message. Does not implicitly {@link de_mls.messages.v1.ProposalResult.verify|verify} messages.
                 * @param message ProposalResult message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ProposalResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ProposalResult message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ProposalResult & de_mls.messages.v1.ProposalResult.$Shape} ProposalResult
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ProposalResult & de_mls.messages.v1.ProposalResult.$Shape;
            }

            namespace ProposalResult {

                /** Properties of a ProposalResult. */
                interface $Properties {

                    /** ProposalResult proposalId */
                    proposalId?: (number|null);

                    /** ProposalResult approved */
                    approved?: (boolean|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ProposalResult. */
                type $Shape = de_mls.messages.v1.ProposalResult.$Properties;
            }

            /**
             * Properties of a RepairPacket.
             * @deprecated Use de_mls.messages.v1.RepairPacket.$Properties instead.
             */
            interface IRepairPacket extends de_mls.messages.v1.RepairPacket.$Properties {
            }

            /** Represents a RepairPacket. */
            class RepairPacket {

                /**
                 * Constructs a new RepairPacket.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.RepairPacket.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RepairPacket keyId. */
                keyId: Uint8Array;

                /** RepairPacket nonce. */
                nonce: Uint8Array;

                /** RepairPacket sealed. */
                sealed: Uint8Array;

                /**
                 * Encodes the specified RepairPacket message. Does not implicitly {@link de_mls.messages.v1.RepairPacket.verify|verify} messages.
                 * @param message RepairPacket message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.RepairPacket.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RepairPacket message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.RepairPacket & de_mls.messages.v1.RepairPacket.$Shape} RepairPacket
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.RepairPacket & de_mls.messages.v1.RepairPacket.$Shape;
            }

            namespace RepairPacket {

                /** Properties of a RepairPacket. */
                interface $Properties {

                    /** RepairPacket keyId */
                    keyId?: (Uint8Array|null);

                    /** RepairPacket nonce */
                    nonce?: (Uint8Array|null);

                    /** RepairPacket sealed */
                    sealed?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RepairPacket. */
                type $Shape = de_mls.messages.v1.RepairPacket.$Properties;
            }

            /**
             * Properties of a RepairMessage.
             * @deprecated Use de_mls.messages.v1.RepairMessage.$Properties instead.
             */
            interface IRepairMessage extends de_mls.messages.v1.RepairMessage.$Properties {
            }

            /** Represents a RepairMessage. */
            class RepairMessage {

                /**
                 * Constructs a new RepairMessage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.RepairMessage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RepairMessage body. */
                body: Uint8Array;

                /** RepairMessage leaf. */
                leaf: number;

                /** RepairMessage signature. */
                signature: Uint8Array;

                /** RepairMessage laterKey. */
                laterKey?: (de_mls.messages.v1.LaterKey.$Properties|null);

                /**
                 * Encodes the specified RepairMessage message. Does not implicitly {@link de_mls.messages.v1.RepairMessage.verify|verify} messages.
                 * @param message RepairMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.RepairMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RepairMessage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.RepairMessage & de_mls.messages.v1.RepairMessage.$Shape} RepairMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.RepairMessage & de_mls.messages.v1.RepairMessage.$Shape;
            }

            namespace RepairMessage {

                /** Properties of a RepairMessage. */
                interface $Properties {

                    /** RepairMessage body */
                    body?: (Uint8Array|null);

                    /** RepairMessage leaf */
                    leaf?: (number|null);

                    /** RepairMessage signature */
                    signature?: (Uint8Array|null);

                    /** RepairMessage laterKey */
                    laterKey?: (de_mls.messages.v1.LaterKey.$Properties|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a RepairMessage. */
                type $Shape = de_mls.messages.v1.RepairMessage.$Properties;
            }

            /**
             * Properties of a LaterKey.
             * @deprecated Use de_mls.messages.v1.LaterKey.$Properties instead.
             */
            interface ILaterKey extends de_mls.messages.v1.LaterKey.$Properties {
            }

            /** Represents a LaterKey. */
            class LaterKey {

                /**
                 * Constructs a new LaterKey.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.LaterKey.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LaterKey signatureKey. */
                signatureKey: Uint8Array;

                /** LaterKey since. */
                since: (number|Long);

                /** LaterKey identityProof. */
                identityProof: Uint8Array;

                /**
                 * Encodes the specified LaterKey message. Does not implicitly {@link de_mls.messages.v1.LaterKey.verify|verify} messages.
                 * @param message LaterKey message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.LaterKey.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LaterKey message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.LaterKey & de_mls.messages.v1.LaterKey.$Shape} LaterKey
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.LaterKey & de_mls.messages.v1.LaterKey.$Shape;
            }

            namespace LaterKey {

                /** Properties of a LaterKey. */
                interface $Properties {

                    /** LaterKey signatureKey */
                    signatureKey?: (Uint8Array|null);

                    /** LaterKey since */
                    since?: (number|Long|null);

                    /** LaterKey identityProof */
                    identityProof?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LaterKey. */
                type $Shape = de_mls.messages.v1.LaterKey.$Properties;
            }

            /**
             * Properties of a RepairBody.
             * @deprecated Use de_mls.messages.v1.RepairBody.$Properties instead.
             */
            interface IRepairBody extends de_mls.messages.v1.RepairBody.$Properties {
            }

            /** Represents a RepairBody. */
            class RepairBody {

                /**
                 * Constructs a new RepairBody.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.RepairBody.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** RepairBody progress. */
                progress?: (de_mls.messages.v1.ProgressReport.$Properties|null);

                /** RepairBody served. */
                served?: (de_mls.messages.v1.ServedPackets.$Properties|null);

                /** RepairBody choice. */
                choice?: (de_mls.messages.v1.Choice.$Properties|null);

                /** RepairBody moved. */
                moved?: (de_mls.messages.v1.Moved.$Properties|null);

                /** RepairBody kind. */
                kind?: ("progress"|"served"|"choice"|"moved");

                /**
                 * Encodes the specified RepairBody message. Does not implicitly {@link de_mls.messages.v1.RepairBody.verify|verify} messages.
                 * @param message RepairBody message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.RepairBody.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a RepairBody message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.RepairBody & de_mls.messages.v1.RepairBody.$Shape} RepairBody
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.RepairBody & de_mls.messages.v1.RepairBody.$Shape;
            }

            namespace RepairBody {

                /** Properties of a RepairBody. */
                interface $Properties {

                    /** RepairBody progress */
                    progress?: (de_mls.messages.v1.ProgressReport.$Properties|null);

                    /** RepairBody served */
                    served?: (de_mls.messages.v1.ServedPackets.$Properties|null);

                    /** RepairBody choice */
                    choice?: (de_mls.messages.v1.Choice.$Properties|null);

                    /** RepairBody moved */
                    moved?: (de_mls.messages.v1.Moved.$Properties|null);

                    /** RepairBody kind */
                    kind?: ("progress"|"served"|"choice"|"moved");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a RepairBody. */
                type $Shape = {
                  progress?: de_mls.messages.v1.ProgressReport.$Shape|null;
                  served?: de_mls.messages.v1.ServedPackets.$Shape|null;
                  choice?: de_mls.messages.v1.Choice.$Shape|null;
                  moved?: de_mls.messages.v1.Moved.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ kind?: undefined; progress?: null; served?: null; choice?: null; moved?: null }|{ kind?: "progress"; progress: de_mls.messages.v1.ProgressReport.$Shape; served?: null; choice?: null; moved?: null }|{ kind?: "served"; progress?: null; served: de_mls.messages.v1.ServedPackets.$Shape; choice?: null; moved?: null }|{ kind?: "choice"; progress?: null; served?: null; choice: de_mls.messages.v1.Choice.$Shape; moved?: null }|{ kind?: "moved"; progress?: null; served?: null; choice?: null; moved: de_mls.messages.v1.Moved.$Shape })
                );
            }

            /**
             * Properties of a ProgressReport.
             * @deprecated Use de_mls.messages.v1.ProgressReport.$Properties instead.
             */
            interface IProgressReport extends de_mls.messages.v1.ProgressReport.$Properties {
            }

            /** Represents a ProgressReport. */
            class ProgressReport {

                /**
                 * Constructs a new ProgressReport.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ProgressReport.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ProgressReport next. */
                next: number[];

                /** ProgressReport missing. */
                missing: de_mls.messages.v1.GenerationRange.$Properties[];

                /** ProgressReport candidates. */
                candidates: Uint8Array[];

                /** ProgressReport voids. */
                voids: de_mls.messages.v1.GenerationRange.$Properties[];

                /** ProgressReport asks. */
                asks: boolean;

                /** ProgressReport nonce. */
                nonce: Uint8Array;

                /** ProgressReport timestamp. */
                timestamp: (number|Long);

                /** ProgressReport chosen. */
                chosen: de_mls.messages.v1.ChosenCommit.$Properties[];

                /**
                 * Encodes the specified ProgressReport message. Does not implicitly {@link de_mls.messages.v1.ProgressReport.verify|verify} messages.
                 * @param message ProgressReport message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ProgressReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ProgressReport message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ProgressReport & de_mls.messages.v1.ProgressReport.$Shape} ProgressReport
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ProgressReport & de_mls.messages.v1.ProgressReport.$Shape;
            }

            namespace ProgressReport {

                /** Properties of a ProgressReport. */
                interface $Properties {

                    /** ProgressReport next */
                    next?: (number[]|null);

                    /** ProgressReport missing */
                    missing?: (de_mls.messages.v1.GenerationRange.$Properties[]|null);

                    /** ProgressReport candidates */
                    candidates?: (Uint8Array[]|null);

                    /** ProgressReport voids */
                    voids?: (de_mls.messages.v1.GenerationRange.$Properties[]|null);

                    /** ProgressReport asks */
                    asks?: (boolean|null);

                    /** ProgressReport nonce */
                    nonce?: (Uint8Array|null);

                    /** ProgressReport timestamp */
                    timestamp?: (number|Long|null);

                    /** ProgressReport chosen */
                    chosen?: (de_mls.messages.v1.ChosenCommit.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ProgressReport. */
                type $Shape = de_mls.messages.v1.ProgressReport.$Properties;
            }

            /**
             * Properties of a ChosenCommit.
             * @deprecated Use de_mls.messages.v1.ChosenCommit.$Properties instead.
             */
            interface IChosenCommit extends de_mls.messages.v1.ChosenCommit.$Properties {
            }

            /** Represents a ChosenCommit. */
            class ChosenCommit {

                /**
                 * Constructs a new ChosenCommit.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ChosenCommit.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ChosenCommit commit. */
                commit: Uint8Array;

                /** ChosenCommit choosers. */
                choosers: Uint8Array;

                /**
                 * Encodes the specified ChosenCommit message. Does not implicitly {@link de_mls.messages.v1.ChosenCommit.verify|verify} messages.
                 * @param message ChosenCommit message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ChosenCommit.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ChosenCommit message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ChosenCommit & de_mls.messages.v1.ChosenCommit.$Shape} ChosenCommit
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ChosenCommit & de_mls.messages.v1.ChosenCommit.$Shape;
            }

            namespace ChosenCommit {

                /** Properties of a ChosenCommit. */
                interface $Properties {

                    /** ChosenCommit commit */
                    commit?: (Uint8Array|null);

                    /** ChosenCommit choosers */
                    choosers?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ChosenCommit. */
                type $Shape = de_mls.messages.v1.ChosenCommit.$Properties;
            }

            /**
             * Properties of a GenerationRange.
             * @deprecated Use de_mls.messages.v1.GenerationRange.$Properties instead.
             */
            interface IGenerationRange extends de_mls.messages.v1.GenerationRange.$Properties {
            }

            /** Represents a GenerationRange. */
            class GenerationRange {

                /**
                 * Constructs a new GenerationRange.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.GenerationRange.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** GenerationRange position. */
                position: number;

                /** GenerationRange from. */
                from: number;

                /** GenerationRange count. */
                count: number;

                /**
                 * Encodes the specified GenerationRange message. Does not implicitly {@link de_mls.messages.v1.GenerationRange.verify|verify} messages.
                 * @param message GenerationRange message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.GenerationRange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a GenerationRange message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.GenerationRange & de_mls.messages.v1.GenerationRange.$Shape} GenerationRange
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.GenerationRange & de_mls.messages.v1.GenerationRange.$Shape;
            }

            namespace GenerationRange {

                /** Properties of a GenerationRange. */
                interface $Properties {

                    /** GenerationRange position */
                    position?: (number|null);

                    /** GenerationRange from */
                    from?: (number|null);

                    /** GenerationRange count */
                    count?: (number|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a GenerationRange. */
                type $Shape = de_mls.messages.v1.GenerationRange.$Properties;
            }

            /**
             * Properties of a ServedPackets.
             * @deprecated Use de_mls.messages.v1.ServedPackets.$Properties instead.
             */
            interface IServedPackets extends de_mls.messages.v1.ServedPackets.$Properties {
            }

            /** Represents a ServedPackets. */
            class ServedPackets {

                /**
                 * Constructs a new ServedPackets.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.ServedPackets.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** ServedPackets nonce. */
                nonce: Uint8Array;

                /** ServedPackets packets. */
                packets: Uint8Array[];

                /** ServedPackets more. */
                more: boolean;

                /** ServedPackets epoch. */
                epoch: (number|Long);

                /** ServedPackets choices. */
                choices: Uint8Array[];

                /** ServedPackets voids. */
                voids: de_mls.messages.v1.GenerationRange.$Properties[];

                /**
                 * Encodes the specified ServedPackets message. Does not implicitly {@link de_mls.messages.v1.ServedPackets.verify|verify} messages.
                 * @param message ServedPackets message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.ServedPackets.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a ServedPackets message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.ServedPackets & de_mls.messages.v1.ServedPackets.$Shape} ServedPackets
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.ServedPackets & de_mls.messages.v1.ServedPackets.$Shape;
            }

            namespace ServedPackets {

                /** Properties of a ServedPackets. */
                interface $Properties {

                    /** ServedPackets nonce */
                    nonce?: (Uint8Array|null);

                    /** ServedPackets packets */
                    packets?: (Uint8Array[]|null);

                    /** ServedPackets more */
                    more?: (boolean|null);

                    /** ServedPackets epoch */
                    epoch?: (number|Long|null);

                    /** ServedPackets choices */
                    choices?: (Uint8Array[]|null);

                    /** ServedPackets voids */
                    voids?: (de_mls.messages.v1.GenerationRange.$Properties[]|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a ServedPackets. */
                type $Shape = de_mls.messages.v1.ServedPackets.$Properties;
            }

            /**
             * Properties of a Choice.
             * @deprecated Use de_mls.messages.v1.Choice.$Properties instead.
             */
            interface IChoice extends de_mls.messages.v1.Choice.$Properties {
            }

            /** Represents a Choice. */
            class Choice {

                /**
                 * Constructs a new Choice.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.Choice.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** Choice commitHash. */
                commitHash: Uint8Array;

                /** Choice silentSteward. */
                silentSteward: Uint8Array;

                /**
                 * Encodes the specified Choice message. Does not implicitly {@link de_mls.messages.v1.Choice.verify|verify} messages.
                 * @param message Choice message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.Choice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Choice message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.Choice & de_mls.messages.v1.Choice.$Shape} Choice
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.Choice & de_mls.messages.v1.Choice.$Shape;
            }

            namespace Choice {

                /** Properties of a Choice. */
                interface $Properties {

                    /** Choice commitHash */
                    commitHash?: (Uint8Array|null);

                    /** Choice silentSteward */
                    silentSteward?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Choice. */
                type $Shape = de_mls.messages.v1.Choice.$Properties;
            }

            /**
             * Properties of a Moved.
             * @deprecated Use de_mls.messages.v1.Moved.$Properties instead.
             */
            interface IMoved extends de_mls.messages.v1.Moved.$Properties {
            }

            /** Represents a Moved. */
            class Moved {

                /**
                 * Constructs a new Moved.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.Moved.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /**
                 * Encodes the specified Moved message. Does not implicitly {@link de_mls.messages.v1.Moved.verify|verify} messages.
                 * @param message Moved message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.Moved.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a Moved message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.Moved & de_mls.messages.v1.Moved.$Shape} Moved
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.Moved & de_mls.messages.v1.Moved.$Shape;
            }

            namespace Moved {

                /** Properties of a Moved. */
                interface $Properties {

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a Moved. */
                type $Shape = de_mls.messages.v1.Moved.$Properties;
            }

            /**
             * Properties of a WelcomeMessage.
             * @deprecated Use de_mls.messages.v1.WelcomeMessage.$Properties instead.
             */
            interface IWelcomeMessage extends de_mls.messages.v1.WelcomeMessage.$Properties {
            }

            /** Represents a WelcomeMessage. */
            class WelcomeMessage {

                /**
                 * Constructs a new WelcomeMessage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.WelcomeMessage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** WelcomeMessage userKeyPackage. */
                userKeyPackage?: (de_mls.messages.v1.UserKeyPackage.$Properties|null);

                /** WelcomeMessage invitationToJoin. */
                invitationToJoin?: (de_mls.messages.v1.InvitationToJoin.$Properties|null);

                /** WelcomeMessage leafNotice. */
                leafNotice?: (de_mls.messages.v1.LeafNotice.$Properties|null);

                /** WelcomeMessage groupConfirmation. */
                groupConfirmation?: (de_mls.messages.v1.GroupConfirmation.$Properties|null);

                /** WelcomeMessage payload. */
                payload?: ("userKeyPackage"|"invitationToJoin"|"leafNotice"|"groupConfirmation");

                /**
                 * Encodes the specified WelcomeMessage message. Does not implicitly {@link de_mls.messages.v1.WelcomeMessage.verify|verify} messages.
                 * @param message WelcomeMessage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.WelcomeMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a WelcomeMessage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.WelcomeMessage & de_mls.messages.v1.WelcomeMessage.$Shape} WelcomeMessage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.WelcomeMessage & de_mls.messages.v1.WelcomeMessage.$Shape;
            }

            namespace WelcomeMessage {

                /** Properties of a WelcomeMessage. */
                interface $Properties {

                    /** WelcomeMessage userKeyPackage */
                    userKeyPackage?: (de_mls.messages.v1.UserKeyPackage.$Properties|null);

                    /** WelcomeMessage invitationToJoin */
                    invitationToJoin?: (de_mls.messages.v1.InvitationToJoin.$Properties|null);

                    /** WelcomeMessage leafNotice */
                    leafNotice?: (de_mls.messages.v1.LeafNotice.$Properties|null);

                    /** WelcomeMessage groupConfirmation */
                    groupConfirmation?: (de_mls.messages.v1.GroupConfirmation.$Properties|null);

                    /** WelcomeMessage payload */
                    payload?: ("userKeyPackage"|"invitationToJoin"|"leafNotice"|"groupConfirmation");

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Narrowed shape of a WelcomeMessage. */
                type $Shape = {
                  userKeyPackage?: de_mls.messages.v1.UserKeyPackage.$Shape|null;
                  invitationToJoin?: de_mls.messages.v1.InvitationToJoin.$Shape|null;
                  leafNotice?: de_mls.messages.v1.LeafNotice.$Shape|null;
                  groupConfirmation?: de_mls.messages.v1.GroupConfirmation.$Shape|null;
                  $unknowns?: Uint8Array[];
                } & (
                  ({ payload?: undefined; userKeyPackage?: null; invitationToJoin?: null; leafNotice?: null; groupConfirmation?: null }|{ payload?: "userKeyPackage"; userKeyPackage: de_mls.messages.v1.UserKeyPackage.$Shape; invitationToJoin?: null; leafNotice?: null; groupConfirmation?: null }|{ payload?: "invitationToJoin"; userKeyPackage?: null; invitationToJoin: de_mls.messages.v1.InvitationToJoin.$Shape; leafNotice?: null; groupConfirmation?: null }|{ payload?: "leafNotice"; userKeyPackage?: null; invitationToJoin?: null; leafNotice: de_mls.messages.v1.LeafNotice.$Shape; groupConfirmation?: null }|{ payload?: "groupConfirmation"; userKeyPackage?: null; invitationToJoin?: null; leafNotice?: null; groupConfirmation: de_mls.messages.v1.GroupConfirmation.$Shape })
                );
            }

            /**
             * Properties of a UserKeyPackage.
             * @deprecated Use de_mls.messages.v1.UserKeyPackage.$Properties instead.
             */
            interface IUserKeyPackage extends de_mls.messages.v1.UserKeyPackage.$Properties {
            }

            /** Represents a UserKeyPackage. */
            class UserKeyPackage {

                /**
                 * Constructs a new UserKeyPackage.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.UserKeyPackage.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** UserKeyPackage keyPackageBytes. */
                keyPackageBytes: Uint8Array;

                /** UserKeyPackage groupId. */
                groupId: Uint8Array;

                /** UserKeyPackage redemption. */
                redemption: Uint8Array;

                /**
                 * Encodes the specified UserKeyPackage message. Does not implicitly {@link de_mls.messages.v1.UserKeyPackage.verify|verify} messages.
                 * @param message UserKeyPackage message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.UserKeyPackage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a UserKeyPackage message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.UserKeyPackage & de_mls.messages.v1.UserKeyPackage.$Shape} UserKeyPackage
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.UserKeyPackage & de_mls.messages.v1.UserKeyPackage.$Shape;
            }

            namespace UserKeyPackage {

                /** Properties of a UserKeyPackage. */
                interface $Properties {

                    /** UserKeyPackage keyPackageBytes */
                    keyPackageBytes?: (Uint8Array|null);

                    /** UserKeyPackage groupId */
                    groupId?: (Uint8Array|null);

                    /** UserKeyPackage redemption */
                    redemption?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a UserKeyPackage. */
                type $Shape = de_mls.messages.v1.UserKeyPackage.$Properties;
            }

            /**
             * Properties of an InvitationToJoin.
             * @deprecated Use de_mls.messages.v1.InvitationToJoin.$Properties instead.
             */
            interface IInvitationToJoin extends de_mls.messages.v1.InvitationToJoin.$Properties {
            }

            /** Represents an InvitationToJoin. */
            class InvitationToJoin {

                /**
                 * Constructs a new InvitationToJoin.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.InvitationToJoin.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** InvitationToJoin mlsMessageOutBytes. */
                mlsMessageOutBytes: Uint8Array;

                /** InvitationToJoin groupId. */
                groupId: Uint8Array;

                /**
                 * Encodes the specified InvitationToJoin message. Does not implicitly {@link de_mls.messages.v1.InvitationToJoin.verify|verify} messages.
                 * @param message InvitationToJoin message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.InvitationToJoin.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes an InvitationToJoin message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.InvitationToJoin & de_mls.messages.v1.InvitationToJoin.$Shape} InvitationToJoin
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.InvitationToJoin & de_mls.messages.v1.InvitationToJoin.$Shape;
            }

            namespace InvitationToJoin {

                /** Properties of an InvitationToJoin. */
                interface $Properties {

                    /** InvitationToJoin mlsMessageOutBytes */
                    mlsMessageOutBytes?: (Uint8Array|null);

                    /** InvitationToJoin groupId */
                    groupId?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of an InvitationToJoin. */
                type $Shape = de_mls.messages.v1.InvitationToJoin.$Properties;
            }

            /**
             * Properties of a LeafNotice.
             * @deprecated Use de_mls.messages.v1.LeafNotice.$Properties instead.
             */
            interface ILeafNotice extends de_mls.messages.v1.LeafNotice.$Properties {
            }

            /** Represents a LeafNotice. */
            class LeafNotice {

                /**
                 * Constructs a new LeafNotice.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.LeafNotice.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** LeafNotice identity. */
                identity: Uint8Array;

                /** LeafNotice admission. */
                admission: Uint8Array;

                /** LeafNotice groupId. */
                groupId: Uint8Array;

                /**
                 * Encodes the specified LeafNotice message. Does not implicitly {@link de_mls.messages.v1.LeafNotice.verify|verify} messages.
                 * @param message LeafNotice message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.LeafNotice.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a LeafNotice message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.LeafNotice & de_mls.messages.v1.LeafNotice.$Shape} LeafNotice
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.LeafNotice & de_mls.messages.v1.LeafNotice.$Shape;
            }

            namespace LeafNotice {

                /** Properties of a LeafNotice. */
                interface $Properties {

                    /** LeafNotice identity */
                    identity?: (Uint8Array|null);

                    /** LeafNotice admission */
                    admission?: (Uint8Array|null);

                    /** LeafNotice groupId */
                    groupId?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a LeafNotice. */
                type $Shape = de_mls.messages.v1.LeafNotice.$Properties;
            }

            /**
             * Properties of a GroupConfirmation.
             * @deprecated Use de_mls.messages.v1.GroupConfirmation.$Properties instead.
             */
            interface IGroupConfirmation extends de_mls.messages.v1.GroupConfirmation.$Properties {
            }

            /** Represents a GroupConfirmation. */
            class GroupConfirmation {

                /**
                 * Constructs a new GroupConfirmation.
                 * @param [properties] Properties to set
                 */
                constructor(properties?: de_mls.messages.v1.GroupConfirmation.$Properties);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];

                /** GroupConfirmation confirmation. */
                confirmation: Uint8Array;

                /** GroupConfirmation groupId. */
                groupId: Uint8Array;

                /**
                 * Encodes the specified GroupConfirmation message. Does not implicitly {@link de_mls.messages.v1.GroupConfirmation.verify|verify} messages.
                 * @param message GroupConfirmation message or plain object to encode
                 * @param [writer] Writer to encode to
                 * @returns Writer
                 */
                static encode(message: de_mls.messages.v1.GroupConfirmation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

                /**
                 * Decodes a GroupConfirmation message from the specified reader or buffer.
                 * @param reader Reader or buffer to decode from
                 * @param [length] Message length if known beforehand
                 * @returns {de_mls.messages.v1.GroupConfirmation & de_mls.messages.v1.GroupConfirmation.$Shape} GroupConfirmation
                 * @throws {Error} If the payload is not a reader or valid buffer
                 * @throws {$protobuf.util.ProtocolError} If required fields are missing
                 */
                static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): de_mls.messages.v1.GroupConfirmation & de_mls.messages.v1.GroupConfirmation.$Shape;
            }

            namespace GroupConfirmation {

                /** Properties of a GroupConfirmation. */
                interface $Properties {

                    /** GroupConfirmation confirmation */
                    confirmation?: (Uint8Array|null);

                    /** GroupConfirmation groupId */
                    groupId?: (Uint8Array|null);

                    /** Unknown fields preserved while decoding when enabled */
                    $unknowns?: Uint8Array[];
                }

                /** Shape of a GroupConfirmation. */
                type $Shape = de_mls.messages.v1.GroupConfirmation.$Properties;
            }
        }
    }
}
