"""A server for questions and answers, like DNS.   dns_server.py HOST PORT COUNT"""

import sys

import csocket as socket


def answer(question):
    return question[:2] + bytes([question[2] | 0x80]) + question[3:]


host, port, left = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.bind((host, port))
    s.settimeout(20)
    print("ready", flush=True)
    while left > 0:
        questions = s.recv_many(64, 512)
        answers = [(answer(data), address) for data, address in questions if len(data) > 2]
        left -= len(questions)
        while answers:
            try:
                del answers[: s.send_many(answers)]
            except OSError:
                del answers[0]  # the client asks again
