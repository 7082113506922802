# One image for the API, the chronograph, the document service and the commands; docker-compose.yml says which of them runs.
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /app

# The libraries come first and by their hashes: a change of the code does not fetch them again.
COPY requirements/lock.txt requirements/
RUN pip install -q --require-hashes --only-binary :all: -r requirements/lock.txt

COPY . .
RUN pip install -q --no-deps --no-build-isolation . \
 && useradd --uid 10001 --no-create-home openprocurement \
 && install -d -o openprocurement /var/lib/openprocurement/documents /run/metrics
USER openprocurement

EXPOSE 6543 8081
CMD ["openprocurement", "serve", "conf/docker.ini"]
