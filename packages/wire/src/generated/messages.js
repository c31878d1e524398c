/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

/** @type {any} */
const $root = {};

/** @type {any} */
export const consensus = $root.consensus = (() => {

    const consensus = {};

    consensus.v1 = (function() {

        const v1 = {};

        v1.Proposal = (function() {

            const Proposal = function (properties) {
                this.votes = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Proposal.prototype.name = "";
            Proposal.prototype.payload = $util.newBuffer([]);
            Proposal.prototype.proposalId = 0;
            Proposal.prototype.proposalOwner = $util.newBuffer([]);
            Proposal.prototype.votes = $util.emptyArray;
            Proposal.prototype.expectedVotersCount = 0;
            Proposal.prototype.round = 0;
            Proposal.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Proposal.prototype.expirationTimestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Proposal.prototype.livenessCriteriaYes = false;

            Proposal.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(82).string(message.name);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(90).bytes(message.payload);
                if (message.proposalId != null && $Object.hasOwnProperty.call(message, "proposalId") && message.proposalId !== 0)
                    writer.uint32(96).uint32(message.proposalId);
                if (message.proposalOwner != null && $Object.hasOwnProperty.call(message, "proposalOwner") && message.proposalOwner.length)
                    writer.uint32(106).bytes(message.proposalOwner);
                if (message.votes != null && message.votes.length)
                    for (let i = 0; i < message.votes.length; ++i)
                        $root.consensus.v1.Vote.encode(message.votes[i], writer.uint32(114).fork(), _depth + 1).ldelim();
                if (message.expectedVotersCount != null && $Object.hasOwnProperty.call(message, "expectedVotersCount") && message.expectedVotersCount !== 0)
                    writer.uint32(120).uint32(message.expectedVotersCount);
                if (message.round != null && $Object.hasOwnProperty.call(message, "round") && message.round !== 0)
                    writer.uint32(128).uint32(message.round);
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                    writer.uint32(136).uint64(message.timestamp);
                if (message.expirationTimestamp != null && $Object.hasOwnProperty.call(message, "expirationTimestamp") && (typeof message.expirationTimestamp === "object" ? message.expirationTimestamp.low || message.expirationTimestamp.high : message.expirationTimestamp !== 0))
                    writer.uint32(144).uint64(message.expirationTimestamp);
                if (message.livenessCriteriaYes != null && $Object.hasOwnProperty.call(message, "livenessCriteriaYes") && message.livenessCriteriaYes !== false)
                    writer.uint32(152).bool(message.livenessCriteriaYes);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Proposal.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.consensus.v1.Proposal();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 10: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.uint32())
                                message.proposalId = value;
                            else
                                delete message.proposalId;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.proposalOwner = value;
                            else
                                delete message.proposalOwner;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if (!(message.votes && message.votes.length))
                                message.votes = [];
                            message.votes.push($root.consensus.v1.Vote.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.uint32())
                                message.expectedVotersCount = value;
                            else
                                delete message.expectedVotersCount;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.uint32())
                                message.round = value;
                            else
                                delete message.round;
                            continue;
                        }
                    case 17: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.timestamp = value;
                            else
                                delete message.timestamp;
                            continue;
                        }
                    case 18: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.expirationTimestamp = value;
                            else
                                delete message.expirationTimestamp;
                            continue;
                        }
                    case 19: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.bool())
                                message.livenessCriteriaYes = value;
                            else
                                delete message.livenessCriteriaYes;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Proposal;
        })();

        v1.Vote = (function() {

            const Vote = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Vote.prototype.voteId = 0;
            Vote.prototype.voteOwner = $util.newBuffer([]);
            Vote.prototype.proposalId = 0;
            Vote.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Vote.prototype.vote = false;
            Vote.prototype.parentHash = $util.newBuffer([]);
            Vote.prototype.receivedHash = $util.newBuffer([]);
            Vote.prototype.voteHash = $util.newBuffer([]);
            Vote.prototype.signature = $util.newBuffer([]);

            Vote.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.voteId != null && $Object.hasOwnProperty.call(message, "voteId") && message.voteId !== 0)
                    writer.uint32(160).uint32(message.voteId);
                if (message.voteOwner != null && $Object.hasOwnProperty.call(message, "voteOwner") && message.voteOwner.length)
                    writer.uint32(170).bytes(message.voteOwner);
                if (message.proposalId != null && $Object.hasOwnProperty.call(message, "proposalId") && message.proposalId !== 0)
                    writer.uint32(176).uint32(message.proposalId);
                if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                    writer.uint32(184).uint64(message.timestamp);
                if (message.vote != null && $Object.hasOwnProperty.call(message, "vote") && message.vote !== false)
                    writer.uint32(192).bool(message.vote);
                if (message.parentHash != null && $Object.hasOwnProperty.call(message, "parentHash") && message.parentHash.length)
                    writer.uint32(202).bytes(message.parentHash);
                if (message.receivedHash != null && $Object.hasOwnProperty.call(message, "receivedHash") && message.receivedHash.length)
                    writer.uint32(210).bytes(message.receivedHash);
                if (message.voteHash != null && $Object.hasOwnProperty.call(message, "voteHash") && message.voteHash.length)
                    writer.uint32(218).bytes(message.voteHash);
                if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                    writer.uint32(226).bytes(message.signature);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Vote.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.consensus.v1.Vote();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 20: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.uint32())
                                message.voteId = value;
                            else
                                delete message.voteId;
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.voteOwner = value;
                            else
                                delete message.voteOwner;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.uint32())
                                message.proposalId = value;
                            else
                                delete message.proposalId;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.timestamp = value;
                            else
                                delete message.timestamp;
                            continue;
                        }
                    case 24: {
                            if (wireType !== 0)
                                throw $Error("wrong wire type");
                            if (value = reader.bool())
                                message.vote = value;
                            else
                                delete message.vote;
                            continue;
                        }
                    case 25: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.parentHash = value;
                            else
                                delete message.parentHash;
                            continue;
                        }
                    case 26: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.receivedHash = value;
                            else
                                delete message.receivedHash;
                            continue;
                        }
                    case 27: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.voteHash = value;
                            else
                                delete message.voteHash;
                            continue;
                        }
                    case 28: {
                            if (wireType !== 2)
                                throw $Error("wrong wire type");
                            if ((value = reader.bytes()).length)
                                message.signature = value;
                            else
                                delete message.signature;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Vote;
        })();

        return v1;
    })();

    return consensus;
})();

/** @type {any} */
export const de_mls = $root.de_mls = (() => {

    const de_mls = {};

    de_mls.messages = (function() {

        const messages = {};

        messages.v1 = (function() {

            const v1 = {};

            v1.AppMessage = (function() {

                const AppMessage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                AppMessage.prototype.conversationMessage = null;
                AppMessage.prototype.banRequest = null;
                AppMessage.prototype.proposal = null;
                AppMessage.prototype.vote = null;
                AppMessage.prototype.votePayload = null;
                AppMessage.prototype.userVote = null;
                AppMessage.prototype.proposalAdded = null;
                AppMessage.prototype.commitCandidate = null;
                AppMessage.prototype.conversationSync = null;
                AppMessage.prototype.unban = null;
                AppMessage.prototype.invitationNotice = null;
                AppMessage.prototype.memberConfirmation = null;

                let $oneOfFields;

                $Object.defineProperty(AppMessage.prototype, "payload", {
                    get: $util.oneOfGetter($oneOfFields = ["conversationMessage", "banRequest", "proposal", "vote", "votePayload", "userVote", "proposalAdded", "commitCandidate", "conversationSync", "unban", "invitationNotice", "memberConfirmation"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                AppMessage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.conversationMessage != null && $Object.hasOwnProperty.call(message, "conversationMessage"))
                        $root.de_mls.messages.v1.ConversationMessage.encode(message.conversationMessage, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.banRequest != null && $Object.hasOwnProperty.call(message, "banRequest"))
                        $root.de_mls.messages.v1.BanRequest.encode(message.banRequest, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.proposal != null && $Object.hasOwnProperty.call(message, "proposal"))
                        $root.consensus.v1.Proposal.encode(message.proposal, writer.uint32(26).fork(), _depth + 1).ldelim();
                    if (message.vote != null && $Object.hasOwnProperty.call(message, "vote"))
                        $root.consensus.v1.Vote.encode(message.vote, writer.uint32(34).fork(), _depth + 1).ldelim();
                    if (message.votePayload != null && $Object.hasOwnProperty.call(message, "votePayload"))
                        $root.de_mls.messages.v1.VotePayload.encode(message.votePayload, writer.uint32(42).fork(), _depth + 1).ldelim();
                    if (message.userVote != null && $Object.hasOwnProperty.call(message, "userVote"))
                        $root.de_mls.messages.v1.UserVote.encode(message.userVote, writer.uint32(50).fork(), _depth + 1).ldelim();
                    if (message.proposalAdded != null && $Object.hasOwnProperty.call(message, "proposalAdded"))
                        $root.de_mls.messages.v1.ProposalAdded.encode(message.proposalAdded, writer.uint32(58).fork(), _depth + 1).ldelim();
                    if (message.commitCandidate != null && $Object.hasOwnProperty.call(message, "commitCandidate"))
                        $root.de_mls.messages.v1.CommitCandidate.encode(message.commitCandidate, writer.uint32(66).fork(), _depth + 1).ldelim();
                    if (message.conversationSync != null && $Object.hasOwnProperty.call(message, "conversationSync"))
                        $root.de_mls.messages.v1.ConversationSync.encode(message.conversationSync, writer.uint32(74).fork(), _depth + 1).ldelim();
                    if (message.unban != null && $Object.hasOwnProperty.call(message, "unban"))
                        $root.de_mls.messages.v1.Unban.encode(message.unban, writer.uint32(802).fork(), _depth + 1).ldelim();
                    if (message.invitationNotice != null && $Object.hasOwnProperty.call(message, "invitationNotice"))
                        $root.de_mls.messages.v1.InvitationNotice.encode(message.invitationNotice, writer.uint32(810).fork(), _depth + 1).ldelim();
                    if (message.memberConfirmation != null && $Object.hasOwnProperty.call(message, "memberConfirmation"))
                        $root.de_mls.messages.v1.MemberConfirmation.encode(message.memberConfirmation, writer.uint32(818).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                AppMessage.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.AppMessage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.conversationMessage = $root.de_mls.messages.v1.ConversationMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.conversationMessage);
                                message.payload = "conversationMessage";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.banRequest = $root.de_mls.messages.v1.BanRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.banRequest);
                                message.payload = "banRequest";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.proposal = $root.consensus.v1.Proposal.decode(reader, reader.size(), $undefined, _depth + 1, message.proposal);
                                message.payload = "proposal";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.vote = $root.consensus.v1.Vote.decode(reader, reader.size(), $undefined, _depth + 1, message.vote);
                                message.payload = "vote";
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.votePayload = $root.de_mls.messages.v1.VotePayload.decode(reader, reader.size(), $undefined, _depth + 1, message.votePayload);
                                message.payload = "votePayload";
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.userVote = $root.de_mls.messages.v1.UserVote.decode(reader, reader.size(), $undefined, _depth + 1, message.userVote);
                                message.payload = "userVote";
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.proposalAdded = $root.de_mls.messages.v1.ProposalAdded.decode(reader, reader.size(), $undefined, _depth + 1, message.proposalAdded);
                                message.payload = "proposalAdded";
                                continue;
                            }
                        case 8: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.commitCandidate = $root.de_mls.messages.v1.CommitCandidate.decode(reader, reader.size(), $undefined, _depth + 1, message.commitCandidate);
                                message.payload = "commitCandidate";
                                continue;
                            }
                        case 9: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.conversationSync = $root.de_mls.messages.v1.ConversationSync.decode(reader, reader.size(), $undefined, _depth + 1, message.conversationSync);
                                message.payload = "conversationSync";
                                continue;
                            }
                        case 100: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.unban = $root.de_mls.messages.v1.Unban.decode(reader, reader.size(), $undefined, _depth + 1, message.unban);
                                message.payload = "unban";
                                continue;
                            }
                        case 101: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.invitationNotice = $root.de_mls.messages.v1.InvitationNotice.decode(reader, reader.size(), $undefined, _depth + 1, message.invitationNotice);
                                message.payload = "invitationNotice";
                                continue;
                            }
                        case 102: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.memberConfirmation = $root.de_mls.messages.v1.MemberConfirmation.decode(reader, reader.size(), $undefined, _depth + 1, message.memberConfirmation);
                                message.payload = "memberConfirmation";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return AppMessage;
            })();

            v1.ConversationMessage = (function() {

                const ConversationMessage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ConversationMessage.prototype.message = $util.newBuffer([]);
                ConversationMessage.prototype.sender = "";
                ConversationMessage.prototype.conversationName = "";
                ConversationMessage.prototype.id = $util.newBuffer([]);
                ConversationMessage.prototype.sentAtMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                ConversationMessage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.message != null && $Object.hasOwnProperty.call(message, "message") && message.message.length)
                        writer.uint32(10).bytes(message.message);
                    if (message.sender != null && $Object.hasOwnProperty.call(message, "sender") && message.sender !== "")
                        writer.uint32(18).string(message.sender);
                    if (message.conversationName != null && $Object.hasOwnProperty.call(message, "conversationName") && message.conversationName !== "")
                        writer.uint32(26).string(message.conversationName);
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                        writer.uint32(802).bytes(message.id);
                    if (message.sentAtMs != null && $Object.hasOwnProperty.call(message, "sentAtMs") && (typeof message.sentAtMs === "object" ? message.sentAtMs.low || message.sentAtMs.high : message.sentAtMs !== 0))
                        writer.uint32(808).uint64(message.sentAtMs);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ConversationMessage.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ConversationMessage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.message = value;
                                else
                                    delete message.message;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.stringVerify()).length)
                                    message.sender = value;
                                else
                                    delete message.sender;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.stringVerify()).length)
                                    message.conversationName = value;
                                else
                                    delete message.conversationName;
                                continue;
                            }
                        case 100: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.id = value;
                                else
                                    delete message.id;
                                continue;
                            }
                        case 101: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.sentAtMs = value;
                                else
                                    delete message.sentAtMs;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ConversationMessage;
            })();

            v1.BanRequest = (function() {

                const BanRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                BanRequest.prototype.userToBan = $util.newBuffer([]);
                BanRequest.prototype.conversationName = "";

                BanRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.userToBan != null && $Object.hasOwnProperty.call(message, "userToBan") && message.userToBan.length)
                        writer.uint32(10).bytes(message.userToBan);
                    if (message.conversationName != null && $Object.hasOwnProperty.call(message, "conversationName") && message.conversationName !== "")
                        writer.uint32(18).string(message.conversationName);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                BanRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.BanRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.userToBan = value;
                                else
                                    delete message.userToBan;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.stringVerify()).length)
                                    message.conversationName = value;
                                else
                                    delete message.conversationName;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return BanRequest;
            })();

            v1.Unban = (function() {

                const Unban = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Unban.prototype.member = $util.newBuffer([]);

                Unban.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.member != null && $Object.hasOwnProperty.call(message, "member") && message.member.length)
                        writer.uint32(10).bytes(message.member);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Unban.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.Unban();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.member = value;
                                else
                                    delete message.member;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Unban;
            })();

            v1.InvitationNotice = (function() {

                const InvitationNotice = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                InvitationNotice.prototype.id = $util.newBuffer([]);
                InvitationNotice.prototype.expiresAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                InvitationNotice.prototype.revoked = false;
                InvitationNotice.prototype.memberKey = $util.newBuffer([]);
                InvitationNotice.prototype.deputies = $util.newBuffer([]);

                InvitationNotice.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                        writer.uint32(10).bytes(message.id);
                    if (message.expiresAt != null && $Object.hasOwnProperty.call(message, "expiresAt") && (typeof message.expiresAt === "object" ? message.expiresAt.low || message.expiresAt.high : message.expiresAt !== 0))
                        writer.uint32(16).uint64(message.expiresAt);
                    if (message.revoked != null && $Object.hasOwnProperty.call(message, "revoked") && message.revoked !== false)
                        writer.uint32(24).bool(message.revoked);
                    if (message.memberKey != null && $Object.hasOwnProperty.call(message, "memberKey") && message.memberKey.length)
                        writer.uint32(34).bytes(message.memberKey);
                    if (message.deputies != null && $Object.hasOwnProperty.call(message, "deputies") && message.deputies.length)
                        writer.uint32(42).bytes(message.deputies);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                InvitationNotice.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.InvitationNotice();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.id = value;
                                else
                                    delete message.id;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.expiresAt = value;
                                else
                                    delete message.expiresAt;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.revoked = value;
                                else
                                    delete message.revoked;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.memberKey = value;
                                else
                                    delete message.memberKey;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.deputies = value;
                                else
                                    delete message.deputies;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return InvitationNotice;
            })();

            v1.MemberConfirmation = (function() {

                const MemberConfirmation = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                MemberConfirmation.prototype.member = $util.newBuffer([]);

                MemberConfirmation.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.member != null && $Object.hasOwnProperty.call(message, "member") && message.member.length)
                        writer.uint32(10).bytes(message.member);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                MemberConfirmation.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.MemberConfirmation();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.member = value;
                                else
                                    delete message.member;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return MemberConfirmation;
            })();

            v1.VotePayload = (function() {

                const VotePayload = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                VotePayload.prototype.conversationId = "";
                VotePayload.prototype.proposalId = 0;
                VotePayload.prototype.payload = $util.newBuffer([]);
                VotePayload.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                VotePayload.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.conversationId != null && $Object.hasOwnProperty.call(message, "conversationId") && message.conversationId !== "")
                        writer.uint32(330).string(message.conversationId);
                    if (message.proposalId != null && $Object.hasOwnProperty.call(message, "proposalId") && message.proposalId !== 0)
                        writer.uint32(336).uint32(message.proposalId);
                    if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                        writer.uint32(346).bytes(message.payload);
                    if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                        writer.uint32(352).uint64(message.timestamp);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                VotePayload.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.VotePayload();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 41: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.stringVerify()).length)
                                    message.conversationId = value;
                                else
                                    delete message.conversationId;
                                continue;
                            }
                        case 42: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.proposalId = value;
                                else
                                    delete message.proposalId;
                                continue;
                            }
                        case 43: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.payload = value;
                                else
                                    delete message.payload;
                                continue;
                            }
                        case 44: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.timestamp = value;
                                else
                                    delete message.timestamp;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return VotePayload;
            })();

            v1.UserVote = (function() {

                const UserVote = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                UserVote.prototype.proposalId = 0;
                UserVote.prototype.vote = false;
                UserVote.prototype.conversationName = "";

                UserVote.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.proposalId != null && $Object.hasOwnProperty.call(message, "proposalId") && message.proposalId !== 0)
                        writer.uint32(8).uint32(message.proposalId);
                    if (message.vote != null && $Object.hasOwnProperty.call(message, "vote") && message.vote !== false)
                        writer.uint32(16).bool(message.vote);
                    if (message.conversationName != null && $Object.hasOwnProperty.call(message, "conversationName") && message.conversationName !== "")
                        writer.uint32(26).string(message.conversationName);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                UserVote.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.UserVote();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.proposalId = value;
                                else
                                    delete message.proposalId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.vote = value;
                                else
                                    delete message.vote;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.stringVerify()).length)
                                    message.conversationName = value;
                                else
                                    delete message.conversationName;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return UserVote;
            })();

            v1.ProposalAdded = (function() {

                const ProposalAdded = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ProposalAdded.prototype.conversationId = "";
                ProposalAdded.prototype.request = null;

                ProposalAdded.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.conversationId != null && $Object.hasOwnProperty.call(message, "conversationId") && message.conversationId !== "")
                        writer.uint32(10).string(message.conversationId);
                    if (message.request != null && $Object.hasOwnProperty.call(message, "request"))
                        $root.de_mls.messages.v1.ConversationUpdateRequest.encode(message.request, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ProposalAdded.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ProposalAdded();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.stringVerify()).length)
                                    message.conversationId = value;
                                else
                                    delete message.conversationId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.request = $root.de_mls.messages.v1.ConversationUpdateRequest.decode(reader, reader.size(), $undefined, _depth + 1, message.request);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ProposalAdded;
            })();

            v1.CommitCandidate = (function() {

                const CommitCandidate = function (properties) {
                    this.mlsProposals = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                CommitCandidate.prototype.conversationName = $util.newBuffer([]);
                CommitCandidate.prototype.mlsProposals = $util.emptyArray;
                CommitCandidate.prototype.commitMessage = $util.newBuffer([]);
                CommitCandidate.prototype.stewardIdentity = $util.newBuffer([]);

                CommitCandidate.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.conversationName != null && $Object.hasOwnProperty.call(message, "conversationName") && message.conversationName.length)
                        writer.uint32(10).bytes(message.conversationName);
                    if (message.mlsProposals != null && message.mlsProposals.length)
                        for (let i = 0; i < message.mlsProposals.length; ++i)
                            writer.uint32(18).bytes(message.mlsProposals[i]);
                    if (message.commitMessage != null && $Object.hasOwnProperty.call(message, "commitMessage") && message.commitMessage.length)
                        writer.uint32(26).bytes(message.commitMessage);
                    if (message.stewardIdentity != null && $Object.hasOwnProperty.call(message, "stewardIdentity") && message.stewardIdentity.length)
                        writer.uint32(34).bytes(message.stewardIdentity);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                CommitCandidate.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.CommitCandidate();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.conversationName = value;
                                else
                                    delete message.conversationName;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.mlsProposals && message.mlsProposals.length))
                                    message.mlsProposals = [];
                                message.mlsProposals.push(reader.bytes());
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.commitMessage = value;
                                else
                                    delete message.commitMessage;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.stewardIdentity = value;
                                else
                                    delete message.stewardIdentity;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return CommitCandidate;
            })();

            v1.ConversationUpdateRequest = (function() {

                const ConversationUpdateRequest = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ConversationUpdateRequest.prototype.inviteMember = null;
                ConversationUpdateRequest.prototype.removeMember = null;
                ConversationUpdateRequest.prototype.emergencyCriteria = null;
                ConversationUpdateRequest.prototype.stewardElection = null;

                let $oneOfFields;

                $Object.defineProperty(ConversationUpdateRequest.prototype, "payload", {
                    get: $util.oneOfGetter($oneOfFields = ["inviteMember", "removeMember", "emergencyCriteria", "stewardElection"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                ConversationUpdateRequest.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.inviteMember != null && $Object.hasOwnProperty.call(message, "inviteMember"))
                        $root.de_mls.messages.v1.InviteMember.encode(message.inviteMember, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.removeMember != null && $Object.hasOwnProperty.call(message, "removeMember"))
                        $root.de_mls.messages.v1.RemoveMember.encode(message.removeMember, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.emergencyCriteria != null && $Object.hasOwnProperty.call(message, "emergencyCriteria"))
                        $root.de_mls.messages.v1.EmergencyCriteriaProposal.encode(message.emergencyCriteria, writer.uint32(26).fork(), _depth + 1).ldelim();
                    if (message.stewardElection != null && $Object.hasOwnProperty.call(message, "stewardElection"))
                        $root.de_mls.messages.v1.StewardElectionProposal.encode(message.stewardElection, writer.uint32(34).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ConversationUpdateRequest.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ConversationUpdateRequest();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.inviteMember = $root.de_mls.messages.v1.InviteMember.decode(reader, reader.size(), $undefined, _depth + 1, message.inviteMember);
                                message.payload = "inviteMember";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.removeMember = $root.de_mls.messages.v1.RemoveMember.decode(reader, reader.size(), $undefined, _depth + 1, message.removeMember);
                                message.payload = "removeMember";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.emergencyCriteria = $root.de_mls.messages.v1.EmergencyCriteriaProposal.decode(reader, reader.size(), $undefined, _depth + 1, message.emergencyCriteria);
                                message.payload = "emergencyCriteria";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.stewardElection = $root.de_mls.messages.v1.StewardElectionProposal.decode(reader, reader.size(), $undefined, _depth + 1, message.stewardElection);
                                message.payload = "stewardElection";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ConversationUpdateRequest;
            })();

            v1.InviteMember = (function() {

                const InviteMember = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                InviteMember.prototype.keyPackageBytes = $util.newBuffer([]);
                InviteMember.prototype.identity = $util.newBuffer([]);
                InviteMember.prototype.redemption = $util.newBuffer([]);

                InviteMember.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.keyPackageBytes != null && $Object.hasOwnProperty.call(message, "keyPackageBytes") && message.keyPackageBytes.length)
                        writer.uint32(10).bytes(message.keyPackageBytes);
                    if (message.identity != null && $Object.hasOwnProperty.call(message, "identity") && message.identity.length)
                        writer.uint32(18).bytes(message.identity);
                    if (message.redemption != null && $Object.hasOwnProperty.call(message, "redemption") && message.redemption.length)
                        writer.uint32(802).bytes(message.redemption);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                InviteMember.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.InviteMember();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.keyPackageBytes = value;
                                else
                                    delete message.keyPackageBytes;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.identity = value;
                                else
                                    delete message.identity;
                                continue;
                            }
                        case 100: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.redemption = value;
                                else
                                    delete message.redemption;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return InviteMember;
            })();

            v1.RemoveMember = (function() {

                const RemoveMember = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RemoveMember.prototype.identity = $util.newBuffer([]);

                RemoveMember.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.identity != null && $Object.hasOwnProperty.call(message, "identity") && message.identity.length)
                        writer.uint32(10).bytes(message.identity);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RemoveMember.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.RemoveMember();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.identity = value;
                                else
                                    delete message.identity;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RemoveMember;
            })();

            v1.EmergencyCriteriaProposal = (function() {

                const EmergencyCriteriaProposal = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                EmergencyCriteriaProposal.prototype.evidence = null;

                EmergencyCriteriaProposal.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.evidence != null && $Object.hasOwnProperty.call(message, "evidence"))
                        $root.de_mls.messages.v1.ViolationEvidence.encode(message.evidence, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                EmergencyCriteriaProposal.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.EmergencyCriteriaProposal();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.evidence = $root.de_mls.messages.v1.ViolationEvidence.decode(reader, reader.size(), $undefined, _depth + 1, message.evidence);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return EmergencyCriteriaProposal;
            })();

            v1.ViolationEvidence = (function() {

                const ViolationEvidence = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ViolationEvidence.prototype.violationType = 0;
                ViolationEvidence.prototype.targetMemberId = $util.newBuffer([]);
                ViolationEvidence.prototype.evidencePayload = $util.newBuffer([]);
                ViolationEvidence.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                ViolationEvidence.prototype.creatorMemberId = $util.newBuffer([]);

                ViolationEvidence.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.violationType != null && $Object.hasOwnProperty.call(message, "violationType") && message.violationType !== 0)
                        writer.uint32(8).int32(message.violationType);
                    if (message.targetMemberId != null && $Object.hasOwnProperty.call(message, "targetMemberId") && message.targetMemberId.length)
                        writer.uint32(18).bytes(message.targetMemberId);
                    if (message.evidencePayload != null && $Object.hasOwnProperty.call(message, "evidencePayload") && message.evidencePayload.length)
                        writer.uint32(26).bytes(message.evidencePayload);
                    if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                        writer.uint32(32).uint64(message.epoch);
                    if (message.creatorMemberId != null && $Object.hasOwnProperty.call(message, "creatorMemberId") && message.creatorMemberId.length)
                        writer.uint32(42).bytes(message.creatorMemberId);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ViolationEvidence.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ViolationEvidence();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.int32())
                                    message.violationType = value;
                                else
                                    delete message.violationType;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.targetMemberId = value;
                                else
                                    delete message.targetMemberId;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.evidencePayload = value;
                                else
                                    delete message.evidencePayload;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.epoch = value;
                                else
                                    delete message.epoch;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.creatorMemberId = value;
                                else
                                    delete message.creatorMemberId;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ViolationEvidence;
            })();

            v1.ViolationType = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "VIOLATION_UNSPECIFIED"] = 0;
                values[valuesById[1] = "BROKEN_COMMIT"] = 1;
                values[valuesById[2] = "BROKEN_MLS_PROPOSAL"] = 2;
                values[valuesById[3] = "CENSORSHIP_INACTIVITY"] = 3;
                values[valuesById[4] = "SCORE_BELOW_THRESHOLD"] = 4;
                values[valuesById[5] = "DEADLOCK"] = 5;
                return values;
            })();

            v1.StewardElectionProposal = (function() {

                const StewardElectionProposal = function (properties) {
                    this.proposedStewards = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                StewardElectionProposal.prototype.proposedStewards = $util.emptyArray;
                StewardElectionProposal.prototype.electionEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                StewardElectionProposal.prototype.retryRound = 0;

                StewardElectionProposal.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.proposedStewards != null && message.proposedStewards.length)
                        for (let i = 0; i < message.proposedStewards.length; ++i)
                            writer.uint32(10).bytes(message.proposedStewards[i]);
                    if (message.electionEpoch != null && $Object.hasOwnProperty.call(message, "electionEpoch") && (typeof message.electionEpoch === "object" ? message.electionEpoch.low || message.electionEpoch.high : message.electionEpoch !== 0))
                        writer.uint32(16).uint64(message.electionEpoch);
                    if (message.retryRound != null && $Object.hasOwnProperty.call(message, "retryRound") && message.retryRound !== 0)
                        writer.uint32(24).uint32(message.retryRound);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                StewardElectionProposal.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.StewardElectionProposal();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.proposedStewards && message.proposedStewards.length))
                                    message.proposedStewards = [];
                                message.proposedStewards.push(reader.bytes());
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.electionEpoch = value;
                                else
                                    delete message.electionEpoch;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.retryRound = value;
                                else
                                    delete message.retryRound;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return StewardElectionProposal;
            })();

            v1.ConversationSync = (function() {

                const ConversationSync = function (properties) {
                    this.stewardMembers = [];
                    this.peerScores = [];
                    this.approvedChanges = [];
                    this.openVotes = [];
                    this.spentKeyPackages = [];
                    this.invitations = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ConversationSync.prototype.stewardMembers = $util.emptyArray;
                ConversationSync.prototype.electionEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                ConversationSync.prototype.snMin = 0;
                ConversationSync.prototype.snMax = 0;
                ConversationSync.prototype.allowSubsetCandidates = false;
                ConversationSync.prototype.peerScores = $util.emptyArray;
                ConversationSync.prototype.timing = null;
                ConversationSync.prototype.retryRound = 0;
                ConversationSync.prototype.maxReelectionAttempts = 0;
                ConversationSync.prototype.livenessCriteriaYes = false;
                ConversationSync.prototype.thresholdPeerScore = $util.Long ? $util.Long.fromBits(0,0,false) : 0;
                ConversationSync.prototype.pendingUpdateMaxEpochs = 0;
                ConversationSync.prototype.approvedChanges = $util.emptyArray;
                ConversationSync.prototype.openVotes = $util.emptyArray;
                ConversationSync.prototype.spentKeyPackages = $util.emptyArray;
                ConversationSync.prototype.recovery = false;
                ConversationSync.prototype.banMemory = null;
                ConversationSync.prototype.invitations = $util.emptyArray;
                ConversationSync.prototype.stewardSeed = $util.newBuffer([]);
                ConversationSync.prototype.newcomers = null;

                ConversationSync.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.stewardMembers != null && message.stewardMembers.length)
                        for (let i = 0; i < message.stewardMembers.length; ++i)
                            writer.uint32(10).bytes(message.stewardMembers[i]);
                    if (message.electionEpoch != null && $Object.hasOwnProperty.call(message, "electionEpoch") && (typeof message.electionEpoch === "object" ? message.electionEpoch.low || message.electionEpoch.high : message.electionEpoch !== 0))
                        writer.uint32(16).uint64(message.electionEpoch);
                    if (message.snMin != null && $Object.hasOwnProperty.call(message, "snMin") && message.snMin !== 0)
                        writer.uint32(24).uint32(message.snMin);
                    if (message.snMax != null && $Object.hasOwnProperty.call(message, "snMax") && message.snMax !== 0)
                        writer.uint32(32).uint32(message.snMax);
                    if (message.allowSubsetCandidates != null && $Object.hasOwnProperty.call(message, "allowSubsetCandidates") && message.allowSubsetCandidates !== false)
                        writer.uint32(40).bool(message.allowSubsetCandidates);
                    if (message.peerScores != null && message.peerScores.length)
                        for (let i = 0; i < message.peerScores.length; ++i)
                            $root.de_mls.messages.v1.PeerScore.encode(message.peerScores[i], writer.uint32(50).fork(), _depth + 1).ldelim();
                    if (message.timing != null && $Object.hasOwnProperty.call(message, "timing"))
                        $root.de_mls.messages.v1.TimingConfig.encode(message.timing, writer.uint32(58).fork(), _depth + 1).ldelim();
                    if (message.retryRound != null && $Object.hasOwnProperty.call(message, "retryRound") && message.retryRound !== 0)
                        writer.uint32(64).uint32(message.retryRound);
                    if (message.maxReelectionAttempts != null && $Object.hasOwnProperty.call(message, "maxReelectionAttempts") && message.maxReelectionAttempts !== 0)
                        writer.uint32(72).uint32(message.maxReelectionAttempts);
                    if (message.livenessCriteriaYes != null && $Object.hasOwnProperty.call(message, "livenessCriteriaYes") && message.livenessCriteriaYes !== false)
                        writer.uint32(80).bool(message.livenessCriteriaYes);
                    if (message.thresholdPeerScore != null && $Object.hasOwnProperty.call(message, "thresholdPeerScore") && (typeof message.thresholdPeerScore === "object" ? message.thresholdPeerScore.low || message.thresholdPeerScore.high : message.thresholdPeerScore !== 0))
                        writer.uint32(88).int64(message.thresholdPeerScore);
                    if (message.pendingUpdateMaxEpochs != null && $Object.hasOwnProperty.call(message, "pendingUpdateMaxEpochs") && message.pendingUpdateMaxEpochs !== 0)
                        writer.uint32(96).uint32(message.pendingUpdateMaxEpochs);
                    if (message.approvedChanges != null && message.approvedChanges.length)
                        for (let i = 0; i < message.approvedChanges.length; ++i)
                            $root.consensus.v1.Proposal.encode(message.approvedChanges[i], writer.uint32(802).fork(), _depth + 1).ldelim();
                    if (message.openVotes != null && message.openVotes.length)
                        for (let i = 0; i < message.openVotes.length; ++i)
                            $root.consensus.v1.Proposal.encode(message.openVotes[i], writer.uint32(810).fork(), _depth + 1).ldelim();
                    if (message.spentKeyPackages != null && message.spentKeyPackages.length)
                        for (let i = 0; i < message.spentKeyPackages.length; ++i)
                            writer.uint32(818).bytes(message.spentKeyPackages[i]);
                    if (message.recovery != null && $Object.hasOwnProperty.call(message, "recovery") && message.recovery !== false)
                        writer.uint32(824).bool(message.recovery);
                    if (message.banMemory != null && $Object.hasOwnProperty.call(message, "banMemory"))
                        $root.de_mls.messages.v1.BanMemory.encode(message.banMemory, writer.uint32(834).fork(), _depth + 1).ldelim();
                    if (message.invitations != null && message.invitations.length)
                        for (let i = 0; i < message.invitations.length; ++i)
                            $root.de_mls.messages.v1.InvitationState.encode(message.invitations[i], writer.uint32(842).fork(), _depth + 1).ldelim();
                    if (message.newcomers != null && $Object.hasOwnProperty.call(message, "newcomers"))
                        $root.de_mls.messages.v1.Newcomers.encode(message.newcomers, writer.uint32(850).fork(), _depth + 1).ldelim();
                    if (message.stewardSeed != null && $Object.hasOwnProperty.call(message, "stewardSeed") && message.stewardSeed.length)
                        writer.uint32(858).bytes(message.stewardSeed);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ConversationSync.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ConversationSync();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.stewardMembers && message.stewardMembers.length))
                                    message.stewardMembers = [];
                                message.stewardMembers.push(reader.bytes());
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.electionEpoch = value;
                                else
                                    delete message.electionEpoch;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.snMin = value;
                                else
                                    delete message.snMin;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.snMax = value;
                                else
                                    delete message.snMax;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.allowSubsetCandidates = value;
                                else
                                    delete message.allowSubsetCandidates;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.peerScores && message.peerScores.length))
                                    message.peerScores = [];
                                message.peerScores.push($root.de_mls.messages.v1.PeerScore.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 7: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.timing = $root.de_mls.messages.v1.TimingConfig.decode(reader, reader.size(), $undefined, _depth + 1, message.timing);
                                continue;
                            }
                        case 8: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.retryRound = value;
                                else
                                    delete message.retryRound;
                                continue;
                            }
                        case 9: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.maxReelectionAttempts = value;
                                else
                                    delete message.maxReelectionAttempts;
                                continue;
                            }
                        case 10: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.livenessCriteriaYes = value;
                                else
                                    delete message.livenessCriteriaYes;
                                continue;
                            }
                        case 11: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.thresholdPeerScore = value;
                                else
                                    delete message.thresholdPeerScore;
                                continue;
                            }
                        case 12: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.pendingUpdateMaxEpochs = value;
                                else
                                    delete message.pendingUpdateMaxEpochs;
                                continue;
                            }
                        case 100: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.approvedChanges && message.approvedChanges.length))
                                    message.approvedChanges = [];
                                message.approvedChanges.push($root.consensus.v1.Proposal.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 101: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.openVotes && message.openVotes.length))
                                    message.openVotes = [];
                                message.openVotes.push($root.consensus.v1.Proposal.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 102: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.spentKeyPackages && message.spentKeyPackages.length))
                                    message.spentKeyPackages = [];
                                message.spentKeyPackages.push(reader.bytes());
                                continue;
                            }
                        case 103: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.recovery = value;
                                else
                                    delete message.recovery;
                                continue;
                            }
                        case 104: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.banMemory = $root.de_mls.messages.v1.BanMemory.decode(reader, reader.size(), $undefined, _depth + 1, message.banMemory);
                                continue;
                            }
                        case 105: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.invitations && message.invitations.length))
                                    message.invitations = [];
                                message.invitations.push($root.de_mls.messages.v1.InvitationState.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 107: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.stewardSeed = value;
                                else
                                    delete message.stewardSeed;
                                continue;
                            }
                        case 106: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.newcomers = $root.de_mls.messages.v1.Newcomers.decode(reader, reader.size(), $undefined, _depth + 1, message.newcomers);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ConversationSync;
            })();

            v1.Newcomers = (function() {

                const Newcomers = function (properties) {
                    this.arrivals = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Newcomers.prototype.probationMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                Newcomers.prototype.guestShare = 0;
                Newcomers.prototype.arrivals = $util.emptyArray;

                Newcomers.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.probationMs != null && $Object.hasOwnProperty.call(message, "probationMs") && (typeof message.probationMs === "object" ? message.probationMs.low || message.probationMs.high : message.probationMs !== 0))
                        writer.uint32(8).uint64(message.probationMs);
                    if (message.guestShare != null && $Object.hasOwnProperty.call(message, "guestShare") && message.guestShare !== 0)
                        writer.uint32(16).uint32(message.guestShare);
                    if (message.arrivals != null && message.arrivals.length)
                        for (let i = 0; i < message.arrivals.length; ++i)
                            $root.de_mls.messages.v1.Arrival.encode(message.arrivals[i], writer.uint32(26).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Newcomers.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.Newcomers();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.probationMs = value;
                                else
                                    delete message.probationMs;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.guestShare = value;
                                else
                                    delete message.guestShare;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.arrivals && message.arrivals.length))
                                    message.arrivals = [];
                                message.arrivals.push($root.de_mls.messages.v1.Arrival.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Newcomers;
            })();

            v1.Arrival = (function() {

                const Arrival = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Arrival.prototype.member = $util.newBuffer([]);
                Arrival.prototype.since = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                Arrival.prototype.sponsor = $util.newBuffer([]);
                Arrival.prototype.invited = false;
                Arrival.prototype.byHand = false;
                Arrival.prototype.confirmed = false;

                Arrival.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.member != null && $Object.hasOwnProperty.call(message, "member") && message.member.length)
                        writer.uint32(10).bytes(message.member);
                    if (message.since != null && $Object.hasOwnProperty.call(message, "since") && (typeof message.since === "object" ? message.since.low || message.since.high : message.since !== 0))
                        writer.uint32(16).uint64(message.since);
                    if (message.sponsor != null && $Object.hasOwnProperty.call(message, "sponsor") && message.sponsor.length)
                        writer.uint32(26).bytes(message.sponsor);
                    if (message.invited != null && $Object.hasOwnProperty.call(message, "invited") && message.invited !== false)
                        writer.uint32(32).bool(message.invited);
                    if (message.byHand != null && $Object.hasOwnProperty.call(message, "byHand") && message.byHand !== false)
                        writer.uint32(40).bool(message.byHand);
                    if (message.confirmed != null && $Object.hasOwnProperty.call(message, "confirmed") && message.confirmed !== false)
                        writer.uint32(48).bool(message.confirmed);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Arrival.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.Arrival();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.member = value;
                                else
                                    delete message.member;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.since = value;
                                else
                                    delete message.since;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.sponsor = value;
                                else
                                    delete message.sponsor;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.invited = value;
                                else
                                    delete message.invited;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.byHand = value;
                                else
                                    delete message.byHand;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.confirmed = value;
                                else
                                    delete message.confirmed;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Arrival;
            })();

            v1.BanMemory = (function() {

                const BanMemory = function (properties) {
                    this.bans = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                BanMemory.prototype.memoryMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                BanMemory.prototype.bans = $util.emptyArray;

                BanMemory.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.memoryMs != null && $Object.hasOwnProperty.call(message, "memoryMs") && (typeof message.memoryMs === "object" ? message.memoryMs.low || message.memoryMs.high : message.memoryMs !== 0))
                        writer.uint32(8).uint64(message.memoryMs);
                    if (message.bans != null && message.bans.length)
                        for (let i = 0; i < message.bans.length; ++i)
                            $root.de_mls.messages.v1.Ban.encode(message.bans[i], writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                BanMemory.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.BanMemory();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.memoryMs = value;
                                else
                                    delete message.memoryMs;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.bans && message.bans.length))
                                    message.bans = [];
                                message.bans.push($root.de_mls.messages.v1.Ban.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return BanMemory;
            })();

            v1.Ban = (function() {

                const Ban = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Ban.prototype.member = $util.newBuffer([]);
                Ban.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                Ban.prototype.until = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                Ban.prototype.lifted = false;

                Ban.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.member != null && $Object.hasOwnProperty.call(message, "member") && message.member.length)
                        writer.uint32(10).bytes(message.member);
                    if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                        writer.uint32(16).uint64(message.epoch);
                    if (message.until != null && $Object.hasOwnProperty.call(message, "until") && (typeof message.until === "object" ? message.until.low || message.until.high : message.until !== 0))
                        writer.uint32(24).uint64(message.until);
                    if (message.lifted != null && $Object.hasOwnProperty.call(message, "lifted") && message.lifted !== false)
                        writer.uint32(32).bool(message.lifted);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Ban.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.Ban();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.member = value;
                                else
                                    delete message.member;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.epoch = value;
                                else
                                    delete message.epoch;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.until = value;
                                else
                                    delete message.until;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.lifted = value;
                                else
                                    delete message.lifted;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Ban;
            })();

            v1.InvitationState = (function() {

                const InvitationState = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                InvitationState.prototype.inviter = $util.newBuffer([]);
                InvitationState.prototype.id = $util.newBuffer([]);
                InvitationState.prototype.expiresAt = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                InvitationState.prototype.uses = 0;
                InvitationState.prototype.revoked = false;
                InvitationState.prototype.memberKey = $util.newBuffer([]);

                InvitationState.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.inviter != null && $Object.hasOwnProperty.call(message, "inviter") && message.inviter.length)
                        writer.uint32(10).bytes(message.inviter);
                    if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id.length)
                        writer.uint32(18).bytes(message.id);
                    if (message.expiresAt != null && $Object.hasOwnProperty.call(message, "expiresAt") && (typeof message.expiresAt === "object" ? message.expiresAt.low || message.expiresAt.high : message.expiresAt !== 0))
                        writer.uint32(24).uint64(message.expiresAt);
                    if (message.uses != null && $Object.hasOwnProperty.call(message, "uses") && message.uses !== 0)
                        writer.uint32(32).uint32(message.uses);
                    if (message.revoked != null && $Object.hasOwnProperty.call(message, "revoked") && message.revoked !== false)
                        writer.uint32(40).bool(message.revoked);
                    if (message.memberKey != null && $Object.hasOwnProperty.call(message, "memberKey") && message.memberKey.length)
                        writer.uint32(50).bytes(message.memberKey);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                InvitationState.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.InvitationState();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.inviter = value;
                                else
                                    delete message.inviter;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.id = value;
                                else
                                    delete message.id;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.expiresAt = value;
                                else
                                    delete message.expiresAt;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.uses = value;
                                else
                                    delete message.uses;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.revoked = value;
                                else
                                    delete message.revoked;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.memberKey = value;
                                else
                                    delete message.memberKey;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return InvitationState;
            })();

            v1.PeerScore = (function() {

                const PeerScore = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                PeerScore.prototype.memberId = $util.newBuffer([]);
                PeerScore.prototype.score = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

                PeerScore.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.memberId != null && $Object.hasOwnProperty.call(message, "memberId") && message.memberId.length)
                        writer.uint32(10).bytes(message.memberId);
                    if (message.score != null && $Object.hasOwnProperty.call(message, "score") && (typeof message.score === "object" ? message.score.low || message.score.high : message.score !== 0))
                        writer.uint32(16).int64(message.score);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                PeerScore.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.PeerScore();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.memberId = value;
                                else
                                    delete message.memberId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                                    message.score = value;
                                else
                                    delete message.score;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return PeerScore;
            })();

            v1.TimingConfig = (function() {

                const TimingConfig = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                TimingConfig.prototype.commitInactivityDurationMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                TimingConfig.prototype.freezeDurationMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                TimingConfig.prototype.proposalExpirationMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                TimingConfig.prototype.consensusTimeoutMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                TimingConfig.prototype.recoveryInactivityDurationMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

                TimingConfig.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.commitInactivityDurationMs != null && $Object.hasOwnProperty.call(message, "commitInactivityDurationMs") && (typeof message.commitInactivityDurationMs === "object" ? message.commitInactivityDurationMs.low || message.commitInactivityDurationMs.high : message.commitInactivityDurationMs !== 0))
                        writer.uint32(8).uint64(message.commitInactivityDurationMs);
                    if (message.freezeDurationMs != null && $Object.hasOwnProperty.call(message, "freezeDurationMs") && (typeof message.freezeDurationMs === "object" ? message.freezeDurationMs.low || message.freezeDurationMs.high : message.freezeDurationMs !== 0))
                        writer.uint32(16).uint64(message.freezeDurationMs);
                    if (message.proposalExpirationMs != null && $Object.hasOwnProperty.call(message, "proposalExpirationMs") && (typeof message.proposalExpirationMs === "object" ? message.proposalExpirationMs.low || message.proposalExpirationMs.high : message.proposalExpirationMs !== 0))
                        writer.uint32(24).uint64(message.proposalExpirationMs);
                    if (message.consensusTimeoutMs != null && $Object.hasOwnProperty.call(message, "consensusTimeoutMs") && (typeof message.consensusTimeoutMs === "object" ? message.consensusTimeoutMs.low || message.consensusTimeoutMs.high : message.consensusTimeoutMs !== 0))
                        writer.uint32(32).uint64(message.consensusTimeoutMs);
                    if (message.recoveryInactivityDurationMs != null && $Object.hasOwnProperty.call(message, "recoveryInactivityDurationMs") && (typeof message.recoveryInactivityDurationMs === "object" ? message.recoveryInactivityDurationMs.low || message.recoveryInactivityDurationMs.high : message.recoveryInactivityDurationMs !== 0))
                        writer.uint32(40).uint64(message.recoveryInactivityDurationMs);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                TimingConfig.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.TimingConfig();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.commitInactivityDurationMs = value;
                                else
                                    delete message.commitInactivityDurationMs;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.freezeDurationMs = value;
                                else
                                    delete message.freezeDurationMs;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.proposalExpirationMs = value;
                                else
                                    delete message.proposalExpirationMs;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.consensusTimeoutMs = value;
                                else
                                    delete message.consensusTimeoutMs;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.recoveryInactivityDurationMs = value;
                                else
                                    delete message.recoveryInactivityDurationMs;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return TimingConfig;
            })();

            v1.Outcome = (function() {
                const valuesById = $Object.create(null), values = $Object.create(valuesById);
                values[valuesById[0] = "OUTCOME_UNSPECIFIED"] = 0;
                values[valuesById[1] = "OUTCOME_ACCEPTED"] = 1;
                values[valuesById[2] = "OUTCOME_REJECTED"] = 2;
                return values;
            })();

            v1.SealedRecord = (function() {

                const SealedRecord = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                SealedRecord.prototype.nonce = $util.newBuffer([]);
                SealedRecord.prototype.sealed = $util.newBuffer([]);

                SealedRecord.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                        writer.uint32(10).bytes(message.nonce);
                    if (message.sealed != null && $Object.hasOwnProperty.call(message, "sealed") && message.sealed.length)
                        writer.uint32(18).bytes(message.sealed);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                SealedRecord.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.SealedRecord();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.nonce = value;
                                else
                                    delete message.nonce;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.sealed = value;
                                else
                                    delete message.sealed;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return SealedRecord;
            })();

            v1.EpochRecord = (function() {

                const EpochRecord = function (properties) {
                    this.results = [];
                    this.known = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                EpochRecord.prototype.state = null;
                EpochRecord.prototype.results = $util.emptyArray;
                EpochRecord.prototype.known = $util.emptyArray;
                EpochRecord.prototype.silentSteward = $util.newBuffer([]);

                EpochRecord.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.state != null && $Object.hasOwnProperty.call(message, "state"))
                        $root.de_mls.messages.v1.ConversationSync.encode(message.state, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.results != null && message.results.length)
                        for (let i = 0; i < message.results.length; ++i)
                            $root.de_mls.messages.v1.ProposalResult.encode(message.results[i], writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.known != null && message.known.length)
                        writer.uint32(26).uint32s(message.known);
                    if (message.silentSteward != null && $Object.hasOwnProperty.call(message, "silentSteward") && message.silentSteward.length)
                        writer.uint32(34).bytes(message.silentSteward);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                EpochRecord.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.EpochRecord();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.state = $root.de_mls.messages.v1.ConversationSync.decode(reader, reader.size(), $undefined, _depth + 1, message.state);
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.results && message.results.length))
                                    message.results = [];
                                message.results.push($root.de_mls.messages.v1.ProposalResult.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 3: {
                                if (wireType === 2) {
                                    if (!(message.known && message.known.length))
                                        message.known = [];
                                    reader.uint32s(message.known);
                                    continue;
                                }
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (!(message.known && message.known.length))
                                    message.known = [];
                                message.known.push(reader.uint32());
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.silentSteward = value;
                                else
                                    delete message.silentSteward;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return EpochRecord;
            })();

            v1.ProposalResult = (function() {

                const ProposalResult = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ProposalResult.prototype.proposalId = 0;
                ProposalResult.prototype.approved = false;

                ProposalResult.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.proposalId != null && $Object.hasOwnProperty.call(message, "proposalId") && message.proposalId !== 0)
                        writer.uint32(8).uint32(message.proposalId);
                    if (message.approved != null && $Object.hasOwnProperty.call(message, "approved") && message.approved !== false)
                        writer.uint32(16).bool(message.approved);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ProposalResult.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ProposalResult();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.proposalId = value;
                                else
                                    delete message.proposalId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.approved = value;
                                else
                                    delete message.approved;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ProposalResult;
            })();

            v1.RepairPacket = (function() {

                const RepairPacket = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RepairPacket.prototype.keyId = $util.newBuffer([]);
                RepairPacket.prototype.nonce = $util.newBuffer([]);
                RepairPacket.prototype.sealed = $util.newBuffer([]);

                RepairPacket.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.keyId != null && $Object.hasOwnProperty.call(message, "keyId") && message.keyId.length)
                        writer.uint32(10).bytes(message.keyId);
                    if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                        writer.uint32(18).bytes(message.nonce);
                    if (message.sealed != null && $Object.hasOwnProperty.call(message, "sealed") && message.sealed.length)
                        writer.uint32(26).bytes(message.sealed);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RepairPacket.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.RepairPacket();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.keyId = value;
                                else
                                    delete message.keyId;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.nonce = value;
                                else
                                    delete message.nonce;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.sealed = value;
                                else
                                    delete message.sealed;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RepairPacket;
            })();

            v1.RepairMessage = (function() {

                const RepairMessage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RepairMessage.prototype.body = $util.newBuffer([]);
                RepairMessage.prototype.leaf = 0;
                RepairMessage.prototype.signature = $util.newBuffer([]);
                RepairMessage.prototype.laterKey = null;

                RepairMessage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                        writer.uint32(10).bytes(message.body);
                    if (message.leaf != null && $Object.hasOwnProperty.call(message, "leaf") && message.leaf !== 0)
                        writer.uint32(16).uint32(message.leaf);
                    if (message.signature != null && $Object.hasOwnProperty.call(message, "signature") && message.signature.length)
                        writer.uint32(26).bytes(message.signature);
                    if (message.laterKey != null && $Object.hasOwnProperty.call(message, "laterKey"))
                        $root.de_mls.messages.v1.LaterKey.encode(message.laterKey, writer.uint32(34).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RepairMessage.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.RepairMessage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.body = value;
                                else
                                    delete message.body;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.leaf = value;
                                else
                                    delete message.leaf;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.signature = value;
                                else
                                    delete message.signature;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.laterKey = $root.de_mls.messages.v1.LaterKey.decode(reader, reader.size(), $undefined, _depth + 1, message.laterKey);
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RepairMessage;
            })();

            v1.LaterKey = (function() {

                const LaterKey = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                LaterKey.prototype.signatureKey = $util.newBuffer([]);
                LaterKey.prototype.since = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                LaterKey.prototype.identityProof = $util.newBuffer([]);

                LaterKey.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.signatureKey != null && $Object.hasOwnProperty.call(message, "signatureKey") && message.signatureKey.length)
                        writer.uint32(10).bytes(message.signatureKey);
                    if (message.since != null && $Object.hasOwnProperty.call(message, "since") && (typeof message.since === "object" ? message.since.low || message.since.high : message.since !== 0))
                        writer.uint32(16).uint64(message.since);
                    if (message.identityProof != null && $Object.hasOwnProperty.call(message, "identityProof") && message.identityProof.length)
                        writer.uint32(26).bytes(message.identityProof);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                LaterKey.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.LaterKey();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.signatureKey = value;
                                else
                                    delete message.signatureKey;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.since = value;
                                else
                                    delete message.since;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.identityProof = value;
                                else
                                    delete message.identityProof;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return LaterKey;
            })();

            v1.RepairBody = (function() {

                const RepairBody = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                RepairBody.prototype.progress = null;
                RepairBody.prototype.served = null;
                RepairBody.prototype.choice = null;
                RepairBody.prototype.moved = null;

                let $oneOfFields;

                $Object.defineProperty(RepairBody.prototype, "kind", {
                    get: $util.oneOfGetter($oneOfFields = ["progress", "served", "choice", "moved"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                RepairBody.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.progress != null && $Object.hasOwnProperty.call(message, "progress"))
                        $root.de_mls.messages.v1.ProgressReport.encode(message.progress, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.served != null && $Object.hasOwnProperty.call(message, "served"))
                        $root.de_mls.messages.v1.ServedPackets.encode(message.served, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.choice != null && $Object.hasOwnProperty.call(message, "choice"))
                        $root.de_mls.messages.v1.Choice.encode(message.choice, writer.uint32(26).fork(), _depth + 1).ldelim();
                    if (message.moved != null && $Object.hasOwnProperty.call(message, "moved"))
                        $root.de_mls.messages.v1.Moved.encode(message.moved, writer.uint32(34).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                RepairBody.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.RepairBody();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.progress = $root.de_mls.messages.v1.ProgressReport.decode(reader, reader.size(), $undefined, _depth + 1, message.progress);
                                message.kind = "progress";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.served = $root.de_mls.messages.v1.ServedPackets.decode(reader, reader.size(), $undefined, _depth + 1, message.served);
                                message.kind = "served";
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.choice = $root.de_mls.messages.v1.Choice.decode(reader, reader.size(), $undefined, _depth + 1, message.choice);
                                message.kind = "choice";
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.moved = $root.de_mls.messages.v1.Moved.decode(reader, reader.size(), $undefined, _depth + 1, message.moved);
                                message.kind = "moved";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return RepairBody;
            })();

            v1.ProgressReport = (function() {

                const ProgressReport = function (properties) {
                    this.next = [];
                    this.missing = [];
                    this.candidates = [];
                    this.voids = [];
                    this.chosen = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ProgressReport.prototype.next = $util.emptyArray;
                ProgressReport.prototype.missing = $util.emptyArray;
                ProgressReport.prototype.candidates = $util.emptyArray;
                ProgressReport.prototype.voids = $util.emptyArray;
                ProgressReport.prototype.asks = false;
                ProgressReport.prototype.nonce = $util.newBuffer([]);
                ProgressReport.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                ProgressReport.prototype.chosen = $util.emptyArray;

                ProgressReport.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.next != null && message.next.length)
                        writer.uint32(10).uint32s(message.next);
                    if (message.missing != null && message.missing.length)
                        for (let i = 0; i < message.missing.length; ++i)
                            $root.de_mls.messages.v1.GenerationRange.encode(message.missing[i], writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.candidates != null && message.candidates.length)
                        for (let i = 0; i < message.candidates.length; ++i)
                            writer.uint32(26).bytes(message.candidates[i]);
                    if (message.voids != null && message.voids.length)
                        for (let i = 0; i < message.voids.length; ++i)
                            $root.de_mls.messages.v1.GenerationRange.encode(message.voids[i], writer.uint32(34).fork(), _depth + 1).ldelim();
                    if (message.asks != null && $Object.hasOwnProperty.call(message, "asks") && message.asks !== false)
                        writer.uint32(40).bool(message.asks);
                    if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                        writer.uint32(50).bytes(message.nonce);
                    if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                        writer.uint32(56).uint64(message.timestamp);
                    if (message.chosen != null && message.chosen.length)
                        for (let i = 0; i < message.chosen.length; ++i)
                            $root.de_mls.messages.v1.ChosenCommit.encode(message.chosen[i], writer.uint32(66).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ProgressReport.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ProgressReport();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType === 2) {
                                    if (!(message.next && message.next.length))
                                        message.next = [];
                                    reader.uint32s(message.next);
                                    continue;
                                }
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (!(message.next && message.next.length))
                                    message.next = [];
                                message.next.push(reader.uint32());
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.missing && message.missing.length))
                                    message.missing = [];
                                message.missing.push($root.de_mls.messages.v1.GenerationRange.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.candidates && message.candidates.length))
                                    message.candidates = [];
                                message.candidates.push(reader.bytes());
                                continue;
                            }
                        case 4: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.voids && message.voids.length))
                                    message.voids = [];
                                message.voids.push($root.de_mls.messages.v1.GenerationRange.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        case 5: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.asks = value;
                                else
                                    delete message.asks;
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.nonce = value;
                                else
                                    delete message.nonce;
                                continue;
                            }
                        case 7: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.timestamp = value;
                                else
                                    delete message.timestamp;
                                continue;
                            }
                        case 8: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.chosen && message.chosen.length))
                                    message.chosen = [];
                                message.chosen.push($root.de_mls.messages.v1.ChosenCommit.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ProgressReport;
            })();

            v1.ChosenCommit = (function() {

                const ChosenCommit = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ChosenCommit.prototype.commit = $util.newBuffer([]);
                ChosenCommit.prototype.choosers = $util.newBuffer([]);

                ChosenCommit.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.commit != null && $Object.hasOwnProperty.call(message, "commit") && message.commit.length)
                        writer.uint32(10).bytes(message.commit);
                    if (message.choosers != null && $Object.hasOwnProperty.call(message, "choosers") && message.choosers.length)
                        writer.uint32(18).bytes(message.choosers);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ChosenCommit.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ChosenCommit();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.commit = value;
                                else
                                    delete message.commit;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.choosers = value;
                                else
                                    delete message.choosers;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ChosenCommit;
            })();

            v1.GenerationRange = (function() {

                const GenerationRange = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                GenerationRange.prototype.position = 0;
                GenerationRange.prototype.from = 0;
                GenerationRange.prototype.count = 0;

                GenerationRange.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.position != null && $Object.hasOwnProperty.call(message, "position") && message.position !== 0)
                        writer.uint32(8).uint32(message.position);
                    if (message.from != null && $Object.hasOwnProperty.call(message, "from") && message.from !== 0)
                        writer.uint32(16).uint32(message.from);
                    if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                        writer.uint32(24).uint32(message.count);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                GenerationRange.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.GenerationRange();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.position = value;
                                else
                                    delete message.position;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.from = value;
                                else
                                    delete message.from;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.uint32())
                                    message.count = value;
                                else
                                    delete message.count;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return GenerationRange;
            })();

            v1.ServedPackets = (function() {

                const ServedPackets = function (properties) {
                    this.packets = [];
                    this.choices = [];
                    this.voids = [];
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                ServedPackets.prototype.nonce = $util.newBuffer([]);
                ServedPackets.prototype.packets = $util.emptyArray;
                ServedPackets.prototype.more = false;
                ServedPackets.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
                ServedPackets.prototype.choices = $util.emptyArray;
                ServedPackets.prototype.voids = $util.emptyArray;

                ServedPackets.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.nonce != null && $Object.hasOwnProperty.call(message, "nonce") && message.nonce.length)
                        writer.uint32(10).bytes(message.nonce);
                    if (message.packets != null && message.packets.length)
                        for (let i = 0; i < message.packets.length; ++i)
                            writer.uint32(18).bytes(message.packets[i]);
                    if (message.more != null && $Object.hasOwnProperty.call(message, "more") && message.more !== false)
                        writer.uint32(24).bool(message.more);
                    if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                        writer.uint32(32).uint64(message.epoch);
                    if (message.choices != null && message.choices.length)
                        for (let i = 0; i < message.choices.length; ++i)
                            writer.uint32(42).bytes(message.choices[i]);
                    if (message.voids != null && message.voids.length)
                        for (let i = 0; i < message.voids.length; ++i)
                            $root.de_mls.messages.v1.GenerationRange.encode(message.voids[i], writer.uint32(50).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                ServedPackets.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.ServedPackets();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.nonce = value;
                                else
                                    delete message.nonce;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.packets && message.packets.length))
                                    message.packets = [];
                                message.packets.push(reader.bytes());
                                continue;
                            }
                        case 3: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (value = reader.bool())
                                    message.more = value;
                                else
                                    delete message.more;
                                continue;
                            }
                        case 4: {
                                if (wireType !== 0)
                                    throw $Error("wrong wire type");
                                if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                    message.epoch = value;
                                else
                                    delete message.epoch;
                                continue;
                            }
                        case 5: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.choices && message.choices.length))
                                    message.choices = [];
                                message.choices.push(reader.bytes());
                                continue;
                            }
                        case 6: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if (!(message.voids && message.voids.length))
                                    message.voids = [];
                                message.voids.push($root.de_mls.messages.v1.GenerationRange.decode(reader, reader.size(), $undefined, _depth + 1));
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return ServedPackets;
            })();

            v1.Choice = (function() {

                const Choice = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Choice.prototype.commitHash = $util.newBuffer([]);
                Choice.prototype.silentSteward = $util.newBuffer([]);

                Choice.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.commitHash != null && $Object.hasOwnProperty.call(message, "commitHash") && message.commitHash.length)
                        writer.uint32(10).bytes(message.commitHash);
                    if (message.silentSteward != null && $Object.hasOwnProperty.call(message, "silentSteward") && message.silentSteward.length)
                        writer.uint32(18).bytes(message.silentSteward);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Choice.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.Choice();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.commitHash = value;
                                else
                                    delete message.commitHash;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.silentSteward = value;
                                else
                                    delete message.silentSteward;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Choice;
            })();

            v1.Moved = (function() {

                const Moved = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                Moved.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                Moved.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.Moved();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        reader.skipType(tag & 7, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return Moved;
            })();

            v1.WelcomeMessage = (function() {

                const WelcomeMessage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                WelcomeMessage.prototype.userKeyPackage = null;
                WelcomeMessage.prototype.invitationToJoin = null;
                WelcomeMessage.prototype.leafNotice = null;
                WelcomeMessage.prototype.groupConfirmation = null;

                let $oneOfFields;

                $Object.defineProperty(WelcomeMessage.prototype, "payload", {
                    get: $util.oneOfGetter($oneOfFields = ["userKeyPackage", "invitationToJoin", "leafNotice", "groupConfirmation"]),
                    set: $util.oneOfSetter($oneOfFields)
                });

                WelcomeMessage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.userKeyPackage != null && $Object.hasOwnProperty.call(message, "userKeyPackage"))
                        $root.de_mls.messages.v1.UserKeyPackage.encode(message.userKeyPackage, writer.uint32(10).fork(), _depth + 1).ldelim();
                    if (message.invitationToJoin != null && $Object.hasOwnProperty.call(message, "invitationToJoin"))
                        $root.de_mls.messages.v1.InvitationToJoin.encode(message.invitationToJoin, writer.uint32(18).fork(), _depth + 1).ldelim();
                    if (message.leafNotice != null && $Object.hasOwnProperty.call(message, "leafNotice"))
                        $root.de_mls.messages.v1.LeafNotice.encode(message.leafNotice, writer.uint32(802).fork(), _depth + 1).ldelim();
                    if (message.groupConfirmation != null && $Object.hasOwnProperty.call(message, "groupConfirmation"))
                        $root.de_mls.messages.v1.GroupConfirmation.encode(message.groupConfirmation, writer.uint32(810).fork(), _depth + 1).ldelim();
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                WelcomeMessage.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.WelcomeMessage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.userKeyPackage = $root.de_mls.messages.v1.UserKeyPackage.decode(reader, reader.size(), $undefined, _depth + 1, message.userKeyPackage);
                                message.payload = "userKeyPackage";
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.invitationToJoin = $root.de_mls.messages.v1.InvitationToJoin.decode(reader, reader.size(), $undefined, _depth + 1, message.invitationToJoin);
                                message.payload = "invitationToJoin";
                                continue;
                            }
                        case 100: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.leafNotice = $root.de_mls.messages.v1.LeafNotice.decode(reader, reader.size(), $undefined, _depth + 1, message.leafNotice);
                                message.payload = "leafNotice";
                                continue;
                            }
                        case 101: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                message.groupConfirmation = $root.de_mls.messages.v1.GroupConfirmation.decode(reader, reader.size(), $undefined, _depth + 1, message.groupConfirmation);
                                message.payload = "groupConfirmation";
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return WelcomeMessage;
            })();

            v1.UserKeyPackage = (function() {

                const UserKeyPackage = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                UserKeyPackage.prototype.keyPackageBytes = $util.newBuffer([]);
                UserKeyPackage.prototype.groupId = $util.newBuffer([]);
                UserKeyPackage.prototype.redemption = $util.newBuffer([]);

                UserKeyPackage.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.keyPackageBytes != null && $Object.hasOwnProperty.call(message, "keyPackageBytes") && message.keyPackageBytes.length)
                        writer.uint32(10).bytes(message.keyPackageBytes);
                    if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId") && message.groupId.length)
                        writer.uint32(802).bytes(message.groupId);
                    if (message.redemption != null && $Object.hasOwnProperty.call(message, "redemption") && message.redemption.length)
                        writer.uint32(810).bytes(message.redemption);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                UserKeyPackage.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.UserKeyPackage();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.keyPackageBytes = value;
                                else
                                    delete message.keyPackageBytes;
                                continue;
                            }
                        case 100: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.groupId = value;
                                else
                                    delete message.groupId;
                                continue;
                            }
                        case 101: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.redemption = value;
                                else
                                    delete message.redemption;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return UserKeyPackage;
            })();

            v1.InvitationToJoin = (function() {

                const InvitationToJoin = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                InvitationToJoin.prototype.mlsMessageOutBytes = $util.newBuffer([]);
                InvitationToJoin.prototype.groupId = $util.newBuffer([]);

                InvitationToJoin.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.mlsMessageOutBytes != null && $Object.hasOwnProperty.call(message, "mlsMessageOutBytes") && message.mlsMessageOutBytes.length)
                        writer.uint32(10).bytes(message.mlsMessageOutBytes);
                    if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId") && message.groupId.length)
                        writer.uint32(802).bytes(message.groupId);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                InvitationToJoin.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.InvitationToJoin();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.mlsMessageOutBytes = value;
                                else
                                    delete message.mlsMessageOutBytes;
                                continue;
                            }
                        case 100: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.groupId = value;
                                else
                                    delete message.groupId;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return InvitationToJoin;
            })();

            v1.LeafNotice = (function() {

                const LeafNotice = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                LeafNotice.prototype.identity = $util.newBuffer([]);
                LeafNotice.prototype.admission = $util.newBuffer([]);
                LeafNotice.prototype.groupId = $util.newBuffer([]);

                LeafNotice.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.identity != null && $Object.hasOwnProperty.call(message, "identity") && message.identity.length)
                        writer.uint32(10).bytes(message.identity);
                    if (message.admission != null && $Object.hasOwnProperty.call(message, "admission") && message.admission.length)
                        writer.uint32(18).bytes(message.admission);
                    if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId") && message.groupId.length)
                        writer.uint32(26).bytes(message.groupId);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                LeafNotice.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.LeafNotice();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.identity = value;
                                else
                                    delete message.identity;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.admission = value;
                                else
                                    delete message.admission;
                                continue;
                            }
                        case 3: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.groupId = value;
                                else
                                    delete message.groupId;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return LeafNotice;
            })();

            v1.GroupConfirmation = (function() {

                const GroupConfirmation = function (properties) {
                    if (properties)
                        for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                            if (properties[keys[i]] != null && keys[i] !== "__proto__")
                                this[keys[i]] = properties[keys[i]];
                };

                GroupConfirmation.prototype.confirmation = $util.newBuffer([]);
                GroupConfirmation.prototype.groupId = $util.newBuffer([]);

                GroupConfirmation.encode = function (message, writer, _depth) {
                    if (!writer)
                        writer = $Writer.create();
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $util.recursionLimit)
                        throw $Error("max depth exceeded");
                    if (message.confirmation != null && $Object.hasOwnProperty.call(message, "confirmation") && message.confirmation.length)
                        writer.uint32(10).bytes(message.confirmation);
                    if (message.groupId != null && $Object.hasOwnProperty.call(message, "groupId") && message.groupId.length)
                        writer.uint32(18).bytes(message.groupId);
                    if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                        for (let i = 0; i < message.$unknowns.length; ++i)
                            writer.raw(message.$unknowns[i]);
                    return writer;
                };

                GroupConfirmation.decode = function (reader, length, _end, _depth, _target) {
                    if (!(reader instanceof $Reader))
                        reader = $Reader.create(reader);
                    if (_depth === $undefined)
                        _depth = 0;
                    if (_depth > $Reader.recursionLimit)
                        throw $Error("max depth exceeded");
                    let end, message, value;
                    if (length === $undefined)
                        end = reader.len;
                    else {
                        end = reader.pos + length;
                        if (end > reader.len)
                            throw $RangeError("index out of range");
                        length = reader.len;
                        reader.len = end;
                    }
                    message = _target || new $root.de_mls.messages.v1.GroupConfirmation();
                    while (reader.pos < end) {
                        let start = reader.pos;
                        let tag = reader.tag();
                        if (tag === _end) {
                            _end = $undefined;
                            break;
                        }
                        let wireType = tag & 7;
                        switch (tag >>>= 3) {
                        case 1: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.confirmation = value;
                                else
                                    delete message.confirmation;
                                continue;
                            }
                        case 2: {
                                if (wireType !== 2)
                                    throw $Error("wrong wire type");
                                if ((value = reader.bytes()).length)
                                    message.groupId = value;
                                else
                                    delete message.groupId;
                                continue;
                            }
                        }
                        reader.skipType(wireType, _depth, tag);
                        if (!reader.discardUnknown) {
                            $util.makeProp(message, "$unknowns", false);
                            (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                        }
                    }
                    if (length !== $undefined) {
                        if (reader.pos !== end)
                            throw $RangeError("index out of range");
                        reader.len = length;
                    }
                    if (_end !== $undefined)
                        throw $Error("missing end group");
                    return message;
                };

                return GroupConfirmation;
            })();

            return v1;
        })();

        return messages;
    })();

    return de_mls;
})();

export {
  $root as default
};
